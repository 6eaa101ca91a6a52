/** Users, permissions and tokens from the first user on, as people see them: a real server, and a browser for each person. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium, openWatchedPage, type WatchedPage } from '../chromium.ts';
import { type RunningServer, startServer } from '../server.ts';
import { settle } from './served.ts';

const adasPassword = 'a loom of many cards';

let server: RunningServer;
let browser: Browser;
let ada: WatchedPage;
let grace: WatchedPage;
let gracesPassword = '';

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchChromium()]);
  [ada, grace] = await Promise.all([openWatchedPage(browser, server.url), openWatchedPage(browser, server.url)]);
  for (const { page } of [ada, grace]) page.setDefaultTimeout(15_000);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
const memberRow = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: name });

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await field(page, 'User name or e-mail').fill(username);
  await field(page, 'Password').fill(password);
  await press(page, 'Sign in');
}

async function editPermission(page: Page, member: string, permission: string, isGiven: boolean): Promise<void> {
  await press(page, `Actions for ${member}`);
  await press(page, 'Edit permissions…');
  await page.getByRole('checkbox', { name: new RegExp(permission) }).setChecked(isGiven);
  await press(page, 'Save the permissions');
  await page.getByText(`Permissions of ${member} saved`).first().waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

it('begins without users, says what the first one changes, and asks for it afterwards', async () => {
  const { page } = ada;
  await page.goto('/settings/');
  await settle(page);
  await page.getByText('From then on everybody has to sign in, you included').waitFor();
  await field(page, 'User name').fill('ada');
  await field(page, 'Password').fill(adasPassword);
  await press(page, 'Make the first user');
  await page.waitForURL('**/login/**');
  await signIn(page, 'ada', adasPassword);
  await page.getByRole('heading', { level: 1, name: 'Members' }).waitFor();
  const row = memberRow(page, 'ada');
  await row.getByText('You', { exact: true }).waitFor();
  await row.getByText('All permissions').waitFor();
});

it('adds a member, whose password is shown once', async () => {
  const { page } = ada;
  await press(page, 'Add a member…');
  await field(page, 'User name').fill('ADA');
  await press(page, 'Add the member');
  await page.getByText(/The user name ADA is taken/).waitFor();
  await field(page, 'User name').fill('grace');
  await page.getByRole('checkbox', { name: /member:admin/ }).check();
  await press(page, 'Add the member');
  const secret = page.getByRole('region', { name: 'Password of grace' });
  gracesPassword = (await secret.locator('code').first().textContent()) ?? '';
  expect(gracesPassword).toMatch(/^[0-9a-z-]{20,}$/);
  await press(page, 'I have kept it');
  await page.reload();
  await memberRow(page, 'grace').waitFor();
  expect(await page.content()).not.toContain(gracesPassword);
});

it('keeps the permission of the last one who manages members, and says so', async () => {
  const { page } = ada;
  await editPermission(page, 'grace', 'member:admin', false);
  await press(page, 'Actions for ada');
  await press(page, 'Edit permissions…');
  await page.getByRole('checkbox', { name: /member:admin/ }).uncheck();
  await press(page, 'Save the permissions');
  await page.getByRole('alert').filter({ hasText: 'Nobody else could manage users then' }).waitFor();
  await press(page, 'Cancel');
  await editPermission(page, 'grace', 'member:admin', true);
});

it('takes a permission away, and the page of who had it says why', async () => {
  const { page } = grace;
  await page.goto('/settings/members/');
  await signIn(page, 'grace', gracesPassword);
  await memberRow(page, 'ada').waitFor();
  // What she lacks herself she cannot give.
  await press(page, 'Add a member…');
  expect(await page.getByRole('checkbox', { name: /ai:admin.*you cannot give it/s }).isDisabled()).toBe(true);
  await press(page, 'Cancel');

  await editPermission(ada.page, 'grace', 'member:admin', false);
  await page.reload();
  await page.getByRole('heading', { name: 'You may not see the members of this server.' }).waitFor();
  await page.getByRole('link', { name: 'What you may do' }).click();
  const words = page.getByRole('region', { name: 'What you may do' });
  await words.getByText('Manage members').waitFor();
  expect(await words.getByTitle('member:admin').textContent()).toContain('Not allowed to you');
  expect(await words.getByTitle('event:write').textContent()).not.toContain('Not allowed');
});

it('makes a token that works until it is revoked', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'API tokens' }).click();
  await press(page, 'Create a token…');
  await page.getByRole('textbox', { name: 'Name' }).fill('CI');
  await press(page, 'Read only');
  await press(page, 'Create the token');
  const secret = page.getByRole('region', { name: 'Token CI' });
  const token = (await secret.locator('code').first().textContent()) ?? '';
  expect(token).toMatch(/^stmk_[\w-]{43}$/);
  const ask = (path: string, method = 'GET') =>
    fetch(`${server.url}/api/0${path}`, { method, headers: { Authorization: `Bearer ${token}` } });
  expect((await ask('/organizations/stackmend/issues/')).status).toBe(200);
  expect((await ask('/organizations/stackmend/members/')).status).toBe(403);

  await page.reload();
  const row = page.getByRole('list', { name: 'API tokens' }).getByRole('listitem');
  await row.getByText(`stmk_…${token.slice(-4)}`).waitFor();
  await row.getByText('just now').first().waitFor();
  expect(await page.content()).not.toContain(token);
  await press(page, 'Revoke CI');
  await press(page, 'Revoke');
  await page.getByText('You have no API tokens.').waitFor();
  expect((await ask('/organizations/stackmend/issues/')).status).toBe(401);
});

it('gives a new password, which ends the sessions of the old one', async () => {
  await ada.page.getByRole('link', { name: 'Members' }).click();
  await press(ada.page, 'Actions for grace');
  await press(ada.page, 'Reset the password…');
  await press(ada.page, 'Reset the password');
  const secret = ada.page.getByRole('region', { name: 'Password of grace' });
  const made = (await secret.locator('code').first().textContent()) ?? '';
  expect(made).not.toBe(gracesPassword);
  await grace.page.goto('/settings/account/');
  await signIn(grace.page, 'grace', gracesPassword);
  await grace.page.getByText('The user name or the password is wrong.').waitFor();
  await signIn(grace.page, 'grace', made);
  await grace.page.getByRole('heading', { level: 1, name: 'Account' }).waitFor();
  gracesPassword = made;
});

it('changes one’s own password when the current one is right', async () => {
  const { page } = grace;
  await field(page, 'Current password').fill('not the current one');
  await field(page, 'New password').fill('nanoseconds of wire');
  await press(page, 'Change the password');
  await page.getByText('The current password is wrong.').waitFor();
  expect(await field(page, 'Current password').getAttribute('aria-invalid')).toBe('true');
  await field(page, 'Current password').fill(gracesPassword);
  await press(page, 'Change the password');
  await page.getByText('Password changed. Your other sessions have ended.').waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor();
});

it('disables a member, undoes it, and does it again', async () => {
  const { page } = ada;
  const disable = async () => {
    await press(page, 'Actions for grace');
    await press(page, 'Disable…');
    await press(page, 'Disable');
    await memberRow(page, 'grace').getByText('Disabled').waitFor();
  };
  await disable();
  await press(page, 'Undo');
  await memberRow(page, 'grace').getByText('Active').waitFor();
  await disable();
  await grace.page.goto('/settings/account/');
  await signIn(grace.page, 'grace', 'nanoseconds of wire');
  await grace.page.getByText('The user name or the password is wrong.').waitFor();
});

it('signs out everywhere after a question, by keyboard alone', async () => {
  const { page } = ada;
  await page.goto('/settings/account/');
  const button = page.getByRole('button', { name: 'Sign out everywhere…' }).last();
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await expect.poll(() => button.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await press(page, 'Sign out everywhere');
  await page.waitForURL('**/login/**');
  await page.goto('/settings/members/');
  await page.waitForURL('**/login/?next=**');
});

it('asked no foreign host, threw nothing and broke no policy', () => {
  // The browser's own words for what was refused on purpose.
  const expected = /status of (400|401|403|409)/;
  const complaints = [...ada.complaints, ...grace.complaints];
  expect(complaints.filter((complaint) => !expected.test(complaint))).toEqual([]);
});
