/**
 * Something that only whoever runs the gateway can put right: a file's mode, a damaged file, a wrong setting.
 * The message says what is wrong and what to do; the command line prints it alone, without a stack.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
}
