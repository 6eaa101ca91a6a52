import { type BrowserSdk, browserSdkSchema, eventIdSchema } from '../../server/protocol/contract.ts';
import { apiClient } from './api-client.ts';
import { organization } from './projects.ts';

/** How the page reports errors of its own. @throws {ApiError} 401 nobody is signed in */
export const fetchBrowserSdk = (): Promise<BrowserSdk> => apiClient.get('/internal/sdk/', browserSdkSchema);

/** @returns the path of the event's page. @throws {ApiError} 404 there is none with this id, or not yet */
export async function findEventPath(eventId: string): Promise<string> {
  const path = `/organizations/${organization}/eventids/${encodeURIComponent(eventId)}/`;
  const found = await apiClient.get(path, eventIdSchema);
  return `/issues/${encodeURIComponent(found.groupId)}/events/${encodeURIComponent(found.eventId)}/`;
}
