// Names of the functions that JSONata brings along.
export { libraryFunctionNames as builtInFunctions } from './jsonata.js'
