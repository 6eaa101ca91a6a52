export type RefusedRequest = {
  /** ISO 8601. */
  dateReceived: string;
  method: string;
  /** Without the query: that may hold the key. */
  path: string;
  status: number;
  detail: string;
  /** SDK name and version, as the request named it. */
  client: string | null;
  /** As the path claims, which nobody has proved. */
  projectId: number | null;
};

const MAX_REFUSED = 100;

/** The last 100, in memory: strangers cause no rows. */
export function createRefusedRequests(): { add(request: RefusedRequest): void; list(): RefusedRequest[] } {
  const newestFirst: RefusedRequest[] = [];
  return {
    add(request) {
      newestFirst.unshift({
        ...request,
        path: request.path.slice(0, 200),
        client: request.client?.slice(0, 200) ?? null,
      });
      if (newestFirst.length > MAX_REFUSED) newestFirst.pop();
    },
    list: () => [...newestFirst],
  };
}
