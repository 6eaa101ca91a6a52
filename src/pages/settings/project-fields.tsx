import { useState } from 'react';
import { TextField } from '../../components/field.tsx';
import styles from './forms.module.css';

type Faults = { name?: string; slug?: string; platform?: string };
type Props = {
  name?: string;
  slug?: string;
  platform?: string;
  faults: Faults;
  /** Why the slug stays as it is. */
  slugWhyNot?: string | null;
  /** Words below the slug, once it is another one than `slug`. */
  onSlugChange?: string;
};

const slugHint = 'Lower-case letters, digits, "-" and "_". Short ids of issues begin with it.';

/** Of a form with `name`, `slug` and `platform`. A new project's slug follows its name until it is typed. */
export function ProjectFields({ name = '', slug = '', platform = '', faults, slugWhyNot, onSlugChange }: Props) {
  const [typed, setTyped] = useState(slug);
  const [isOwn, setOwn] = useState(slug !== '');
  return (
    <div className={styles['pair']}>
      <TextField
        label="Name"
        name="name"
        autoComplete="off"
        defaultValue={name}
        fault={faults.name}
        onChange={(event) => isOwn || setTyped(slugOf(event.target.value))}
      />
      <TextField
        label="Slug"
        name="slug"
        isCode
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={typed}
        readOnly={!!slugWhyNot}
        fault={faults.slug}
        hint={slugWhyNot ?? (slug !== '' && typed !== slug ? onSlugChange : slugHint)}
        onChange={(event) => {
          setTyped(event.target.value);
          setOwn(event.target.value !== '');
        }}
      />
      <TextField
        label="Platform"
        name="platform"
        isCode
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        list="project-platforms"
        placeholder="python"
        defaultValue={platform}
        fault={faults.platform}
        hint="As its SDK names it; empty: each event says its own."
      />
      <datalist id="project-platforms">
        {platforms.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </div>
  );
}

const platforms = [
  ...['csharp', 'elixir', 'go', 'java', 'javascript', 'native', 'node', 'objc', 'php', 'python', 'ruby', 'rust'],
];

/** What the server would make of a name: `My Shop!` is `my-shop`. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 50);

/** How the server's sentences about each field read. */
export const projectFieldFaults = { name: /^A name/, slug: /slug/, platform: /platform/ };

/** What can be told before anything is sent. */
export function checkProject(value: (field: 'name' | 'slug' | 'platform') => string): Faults {
  if (!value('name').trim()) return { name: 'Name the project.' };
  return value('slug') ? {} : { slug: 'Give it a slug, by which addresses and tools know it.' };
}

export const fieldsOf = (value: (field: 'name' | 'slug' | 'platform') => string) => ({
  name: value('name').trim(),
  slug: value('slug').trim(),
  platform: value('platform').trim() || null,
});
