import { compileGlob } from '../protocol/glob.ts';

/** Names of files that hold secrets, in lower case. */
const SECRET_NAMES = new RegExp(
  `^(?:${[
    String.raw`\.env.*`,
    String.raw`.*\.(?:env|pem|key|p12|pfx|p8|ppk|jks|keystore|bks|kdbx?|gpg|pgp|asc|ovpn|tfvars|tfstate|agekey|mobileprovision)(?:\.(?:bak|backup|old|orig|save|enc|txt|tmp|swp|[0-9]+))*`,
    // `id_rsa`, `id_ed25519_sk.old`, whatever else ssh-keygen was told; but no id_generator.py.
    'id_(?:rsa|dsa|ecdsa|ed25519|xmss).*',
    'id_[^.]*',
    String.raw`[._](?:npmrc|netrc|pypirc|pgpass|htpasswd|dockercfg|s3cfg|boto|git-credentials|my\.cnf|terraformrc|vault[_-](?:pass|token).*|yarnrc.*|gem[_-]credentials)`,
    String.raw`(?:.*[._-])?(?:credentials?|secrets?|passwords?|passwd|htpasswd|shadow)(?:\.(?:json|ya?ml|toml|ini|xml|txt|csv|cfg|conf|config|properties|enc|db|bin|plist))*`,
    String.raw`service[_-]?account.*\.json`,
    String.raw`secret_token\.rb`,
  ].join('|')})$`,
  's',
);
const SECRET_FOLDERS = /^\.(?:ssh|aws|azure|gnupg|kube|docker|gcloud|secrets?|vault)$/;

export type IsRefused = (path: string) => boolean;

/**
 * May a file hold a secret? Letter case does not count, nor do dots and spaces at the end of a name, which Windows drops.
 *
 * @param deny patterns of the operator: `*` and `?` stop at a slash, `**` does not. One without a slash is a name of files
 *   and folders anywhere; one with a slash begins at the top of the repository. A folder stands for all that is in it
 */
export function createIsRefused(deny: readonly string[]): IsRefused {
  const names: ((name: string) => boolean)[] = [];
  const paths: ((path: string) => boolean)[] = [];
  for (const pattern of deny) {
    const glob = pattern.trim().toLowerCase().replace(/\/$/, '');
    const matches = compileGlob(glob.replace(/^\//, ''), { isPath: true });
    if (glob.includes('/')) paths.push(matches);
    else if (glob !== '') names.push(matches);
  }
  return (path) => {
    const segments = path.toLowerCase().split('/').map(withoutEnd);
    const name = segments.at(-1) ?? '';
    if (SECRET_NAMES.test(name) || segments.slice(0, -1).some((folder) => SECRET_FOLDERS.test(folder))) return true;
    if (names.some((matches) => segments.some(matches))) return true;
    return (
      paths.length > 0 &&
      segments.some((_, at) => paths.some((matches) => matches(segments.slice(0, at + 1).join('/'))))
    );
  };
}

/** By hand: a pattern for the spaces at the end takes time that grows with the square of those in the middle. */
function withoutEnd(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end -= 1;
  return name.slice(0, end);
}
