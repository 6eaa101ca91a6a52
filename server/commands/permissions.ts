import { type Command, Option } from 'commander';
import * as z from 'zod';
import { ApiError } from '../api/api-client.ts';
import { PERMISSIONS } from '../protocol/contract.ts';
import { parseAnswer, type Register } from './context.ts';
import { findMember } from './members.ts';

const pathOf = (userId: string, permission = '') => `/users/${userId}/permissions/${permission && `${permission}/`}`;

/**
 * Sentry's command (sentry-behaviour 6.1), for every user. Of a permission that is there already, or is not, it says so
 * and ends well: what was asked for is the case. An unknown one is refused, where Sentry stores whatever is typed.
 */
export const register: Register = (program, context) => {
  const permissions = program.command('permissions').description('who may do what');
  const withUser = (command: Command) =>
    command.requiredOption('-u, --user <user>', 'user name or e-mail address, in upper or lower case');
  const withPermission = (command: Command) =>
    withUser(command).addOption(
      new Option('-p, --permission <permission>', 'permission; write includes read, admin both')
        .choices(PERMISSIONS)
        .makeOptionMandatory(),
    );

  withPermission(permissions.command('add').description('give a permission to a user')).action(
    async ({ user: name, permission }: { user: string; permission: string }) => {
      const api = await context.api();
      const user = await findMember(api, name);
      const { status } = await api.post(pathOf(user.id, permission));
      context.print(
        status === 201
          ? `Added permission \`${permission}\` to \`${user.username}\``
          : `Permission \`${permission}\` already exists for \`${user.username}\``,
      );
    },
  );

  withPermission(permissions.command('remove').description('take a permission from a user')).action(
    async ({ user: name, permission }: { user: string; permission: string }) => {
      const api = await context.api();
      const user = await findMember(api, name);
      const wasThere = await api.delete(pathOf(user.id, permission)).then(
        () => true,
        (error: unknown) => {
          if (error instanceof ApiError && error.status === 404) return false;
          throw error;
        },
      );
      context.print(
        wasThere
          ? `Removed permission \`${permission}\` from \`${user.username}\``
          : `Permission \`${permission}\` does not exist for \`${user.username}\``,
      );
    },
  );

  withUser(permissions.command('list').description('list what a user was given'))
    .option('--json', 'print them as JSON')
    .action(async ({ user: name, json }: { user: string; json?: boolean }) => {
      const api = await context.api();
      const user = await findMember(api, name);
      const given = parseAnswer(z.array(z.string()), await api.get(pathOf(user.id))).toSorted();
      if (json) return context.printJson(given);
      context.print(`Permissions for \`${user.username}\`:`);
      for (const permission of given) context.print(`- ${permission}`);
    });
};
