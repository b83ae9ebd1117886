import { borrow } from './borrowed.js'

export const decodeUrlComponent = borrow('decodeUrlComponent', '<s-:s>', 'string')
