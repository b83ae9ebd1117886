import { borrow } from './borrowed.js'

export const encodeUrlComponent = borrow('encodeUrlComponent', '<s-:s>', 'string')
