import type { Ref } from 'react';
import type { Priority } from '../../../server/protocol/contract.ts';
import { Menu, type MenuHandle, MenuItem } from '../../components/menu.tsx';
import { PriorityMark } from '../../components/priority-mark.tsx';
import styles from './issue-actions.module.css';

const priorities: { id: Priority; words: string }[] = [
  { id: 'high', words: 'High' },
  { id: 'medium', words: 'Medium' },
  { id: 'low', words: 'Low' },
];

type Props = {
  ref?: Ref<MenuHandle>;
  /** Null: of several issues that differ. */
  priority: Priority | null;
  look?: 'normal' | 'quiet';
  title?: string;
  whyNot: string | null;
  onPick: (priority: Priority) => void;
};

export function PriorityMenu({ ref, priority, look, title, whyNot, onPick }: Props) {
  const words = priorities.find(({ id }) => id === priority)?.words;
  return (
    <Menu
      ref={ref}
      label={words ? `Priority: ${words.toLowerCase()}` : 'Priority'}
      title={title}
      look={look}
      whyNot={whyNot}
      face={
        <span className={styles['face']}>
          {priority && <PriorityMark priority={priority} />}
          <span className={priority ? styles['faceWords'] : undefined}>{words ?? 'Priority'}</span>
        </span>
      }
    >
      {priorities.map(({ id, words: name }) => (
        <MenuItem
          key={id}
          isChecked={id === priority}
          mark={<PriorityMark priority={id} />}
          onSelect={() => id !== priority && onPick(id)}
        >
          {name}
        </MenuItem>
      ))}
    </Menu>
  );
}
