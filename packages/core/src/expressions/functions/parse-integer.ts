import { borrow } from './borrowed.js'

export const parseInteger = borrow('parseInteger', '<s-s:n>', 'number')
