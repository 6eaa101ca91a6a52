export class SyncError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'SyncError';
    this.code = code;
  }
}

export const closed = () => new SyncError('closed', 'The client was closed.');
export const refused = (reason) => new SyncError('refused', `The server refused it: ${reason}`);
