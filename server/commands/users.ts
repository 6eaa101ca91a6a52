import { Option } from 'commander';
import { createdUserSchema, PERMISSIONS, type User } from '../protocol/contract.ts';
import { parseAnswer, type Register } from './context.ts';
import { findMember, listMembers, MEMBERS } from './members.ts';
import { askPassword, readPassword } from './password.ts';

type CreateOptions = {
  username: string;
  email?: string;
  name?: string;
  permission?: string[];
  passwordStdin?: boolean;
  json?: boolean;
};
/** A password is never an argument: whoever is on this machine can list those of running programs. */
const PASSWORD_STDIN = ['--password-stdin', 'read the password from standard input'] as const;

export const register: Register = (program, context) => {
  const users = program.command('users').description('who may sign in');

  /** A password that the server made is told here, and nowhere else. */
  function printPassword(password: string | null | undefined): void {
    if (!password) return;
    context.print(`password: ${password}`);
    context.print('It is not shown again.');
  }

  users
    .command('create')
    .description('create a user; asks for the password, or makes one where there is no terminal')
    .requiredOption('--username <name>', 'name to sign in with')
    .option('--email <email>', 'e-mail address, to sign in with as well')
    .option('--name <name>', "the person's name, as others see it")
    .addOption(
      new Option('--permission <permission...>', 'in place of those of a new user, who reads and triages').choices(
        PERMISSIONS,
      ),
    )
    .option(...PASSWORD_STDIN)
    .option('--json', 'print the user as JSON')
    .action(async ({ permission: permissions, passwordStdin, json, ...user }: CreateOptions) => {
      const api = await context.api();
      const isFirst = (await listMembers(api)).length === 0;
      const password = await choosePassword(passwordStdin);
      const data = { ...user, permissions, password };
      const created = parseAnswer(createdUserSchema, await api.post(MEMBERS, { data }));
      if (json) return context.printJson(created);
      const lines = { id: created.id, username: created.username, permissions: created.permissions?.join(', ') };
      for (const [label, value] of Object.entries(lines)) context.print(`${label}: ${value}`);
      printPassword(created.password);
      if (isFirst) {
        context.print('The first user has all permissions. From now on the page asks everybody to sign in.');
      }
    });

  users
    .command('list')
    .description('list the users with their permissions')
    .option('--json', 'print them as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const members = await listMembers(await context.api());
      if (json) return context.printJson(members);
      if (members.length === 0)
        context.print('There is none. `stackmend users create --username <name>` makes the first.');
      for (const line of table(members)) context.print(line);
    });

  users
    .command('password')
    .description("set a user's password, or make one and print it; ends the user's sessions")
    .argument('<user>', 'user name or e-mail address')
    .option(...PASSWORD_STDIN)
    .option('--json', 'print the user as JSON')
    .action(async (name: string, { passwordStdin, json }: { passwordStdin?: boolean; json?: boolean }) => {
      const api = await context.api();
      const { id } = await findMember(api, name);
      const data = { password: passwordStdin ? await readPassword(process.stdin) : true };
      const user = parseAnswer(createdUserSchema, await api.put(`${MEMBERS}${id}/`, { data }));
      if (json) return context.printJson(user);
      context.print(`Set the password of \`${user.username}\`, whose sessions have ended.`);
      printPassword(user.password);
    });

  for (const [command, isActive, description] of [
    ['disable', false, 'keep a user from signing in; ends the sessions, and stops the tokens'],
    ['enable', true, 'let a disabled user sign in again'],
  ] as const) {
    users
      .command(command)
      .description(description)
      .argument('<user>', 'user name or e-mail address')
      .action(async (name: string) => {
        const api = await context.api();
        const user = await findMember(api, name);
        const was = user.isActive === isActive ? 'was already' : 'is now';
        await api.put(`${MEMBERS}${user.id}/`, { data: { isActive } });
        context.print(`\`${user.username}\` ${was} ${command}d.`);
      });
  }
};

/** Undefined where the server is to make one. */
async function choosePassword(fromStdin = false): Promise<string | undefined> {
  if (fromStdin) return readPassword(process.stdin);
  return process.stdin.isTTY ? askPassword(process.stdin, process.stderr) : undefined;
}

function table(members: User[]): string[] {
  const cells = members.map(({ username, email, isActive, permissions }) => [
    username,
    email ?? '-',
    isActive ? 'active' : 'disabled',
    permissions?.length === PERMISSIONS.length ? 'all' : permissions?.join(' ') || '-',
  ]);
  const widths = [0, 1, 2, 0].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell)).join('  '),
  );
}
