import { StructuredValue } from '../../../components/structured-value.tsx';
import styles from './unreadable.module.css';

/** A part of an event that is not of the shape that it should have: it is shown as it was sent. */
export function Unreadable({ what, value }: { what: string; value: unknown }) {
  return (
    <div className={styles['unreadable']}>
      <p>{what} is not of the form that it should have. As it was sent:</p>
      <StructuredValue value={value ?? null} name={what} />
    </div>
  );
}
