export type User = { id: string; name: string; isAdmin: boolean };
export type Note = { id: number; owner: string; text: string; isShared: boolean };
export type Req = {
  method: string;
  params: Record<string, string>;
  body: Record<string, unknown>;
  user?: User;
  get(name: string): string | undefined;
};
export type Res = { status(code: number): Res; json(value: unknown): void };
export type Next = (error?: unknown) => void;
export type Handler = (req: Req, res: Res, next: Next) => void;
