import { Component, type ReactNode } from 'react';
import styles from './boundary.module.css';
import { Button } from './button.tsx';
import { ErrorReport } from './error-report.tsx';
import { isMissingChunk } from './missing-chunk.ts';

type Props = {
  what: string;
  children: ReactNode;
  /** A new value clears the error: another event may well be drawn. */
  resetKey?: string;
};
type State = { error: Error | null; resetKey: string | undefined };

/** Keeps a part that cannot be drawn from taking the page with it. */
export class Boundary extends Component<Props, State> {
  override state: State = { error: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(thrown: unknown): Partial<State> {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { error: null, resetKey: props.resetKey };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    if (isMissingChunk(error)) return <MissingChunk what={this.props.what} />;
    return (
      <div className={styles['broken']}>
        <div className={styles['words']}>
          <p className={styles['what']} role="alert">
            {this.props.what} could not be shown: <code>{error.message}</code>
          </p>
          <ErrorReport error={error} />
        </div>
        <Button onClick={() => this.setState({ error: null })}>Try again</Button>
      </div>
    );
  }
}

function MissingChunk({ what }: { what: string }) {
  return (
    <div className={styles['broken']}>
      <p className={styles['what']} role="alert">
        {what} could not be loaded. Stackmend was updated since, or does not answer just now.
      </p>
      {/* A browser remembers that it failed: asked for again, it would fail again. */}
      <Button onClick={() => window.location.reload()}>Reload</Button>
    </div>
  );
}
