import { chooseTimeZone, localZoneName, type TimeZone, useTimeZone } from '../components/time-zone.ts';
import { useIdle } from '../components/use-idle.ts';
import styles from './time-zone-choice.module.css';

/** In which zone absolute times are told. The menu stays open, so that one sees them change. */
export function TimeZoneChoice() {
  const zone = useTimeZone();
  // The browser takes 10 ms to find it out, and the menu is closed at first.
  const local = useIdle() ? localZoneName() : 'UTC';
  const options: [TimeZone, string][] = [
    ['local', local === 'UTC' ? 'Local' : `Local (${local})`],
    ['utc', 'UTC'],
  ];
  return (
    <fieldset className={styles['zones']}>
      <legend>Times in</legend>
      {options.map(([value, words]) => (
        <label key={value}>
          <input type="radio" name="time-zone" checked={zone === value} onChange={() => chooseTimeZone(value)} />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
