/** An app could not be asked, or did not do what it was asked. `reason` is what people are told; the message is for the log. */
export class AppFault extends Error {
  readonly reason: 'app-down' | 'app-refuses'
  constructor(reason: AppFault['reason'], message: string) {
    super(message)
    this.name = 'AppFault'
    this.reason = reason
  }
}
