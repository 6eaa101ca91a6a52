import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { SignOutDialog } from '../login/sign-out-dialog.tsx';
import { Panel } from './panel.tsx';

/** Ends every session of one's own. */
export function SessionsPanel() {
  const [isAsking, setAsking] = useState(false);
  return (
    <Panel
      title="Sessions"
      about="Signed in on a machine that is not yours, or that is gone? End every session, this one included."
    >
      <div>
        <Button onClick={() => setAsking(true)}>Sign out everywhere…</Button>
      </div>
      {isAsking && <SignOutDialog onClose={() => setAsking(false)} />}
    </Panel>
  );
}
