import { showControls } from './annotated-text-controls.ts';
import styles from './structured-value.module.css';
import { useToast } from './toast.tsx';

/** The name of a value, which copies its whole path when pressed: `order.items[2].sku`. */
export function CopyPath({ path, name }: { path: string; name: string }) {
  const toast = useToast();
  const copy = () =>
    navigator.clipboard.writeText(path).then(
      () => toast({ message: `Copied the path ${showControls(path.slice(0, 200))}` }),
      () => toast({ message: 'The browser does not allow copying here.', kind: 'error' }),
    );
  const words = `Copy path ${showControls(path)}`;
  return (
    <button type="button" className={styles.path} title={words} aria-label={words} onClick={copy}>
      {showControls(name)}
    </button>
  );
}
