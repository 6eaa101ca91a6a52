import { render, screen } from '@testing-library/react';
import { lazy } from 'react';
import { MemoryRouter } from 'react-router';
import { expect, it, vi } from 'vitest';
import { Boundary } from '../../../../src/components/boundary.tsx';
import { type ReportError, ReportErrorContext, type Reported } from '../../../../src/components/error-report.tsx';
import { LateCode } from '../../../../src/components/late-code.tsx';

const broken = new TypeError('no rows');
function Broken(): never {
  throw broken;
}

function open(answer: Reported | null) {
  // React itself reports what a boundary caught.
  vi.mocked(console.error).mockImplementation(() => {});
  const report = vi.fn<ReportError>().mockResolvedValue(answer);
  render(
    <MemoryRouter>
      <ReportErrorContext value={report}>
        <Boundary what="The table">
          <Broken />
        </Boundary>
      </ReportErrorContext>
    </MemoryRouter>,
  );
  return report;
}

it('says where the error was reported, in a region of its own', async () => {
  const report = open({ path: '/issues/7/events/abc/' });
  const link = await screen.findByRole('link', { name: 'Open the issue' });
  expect(link).toHaveAttribute('href', '/issues/7/events/abc/');
  expect(screen.getByRole('status')).toHaveTextContent('Reported to the project Internal. Open the issue');
  // Else it would interrupt, and read the whole once more.
  expect(screen.getByRole('alert')).toHaveTextContent(/^The table could not be shown: no rows$/);
  expect(report).toHaveBeenCalledWith(broken);
});

it('needs no link to say so', async () => {
  open({ path: null });
  expect(await screen.findByText('Reported to the project Internal.')).toBeVisible();
  expect(screen.queryByRole('link')).toBeNull();
});

it('says nothing of an error that was not reported', async () => {
  const report = open(null);
  await vi.waitFor(() => expect(report).toHaveBeenCalled());
  await report.mock.results[0]?.value;
  expect(screen.getByRole('status')).toBeEmptyDOMElement();
});

const FetchedLate = lazy(() =>
  Promise.reject(new TypeError('Failed to fetch dynamically imported module: http://127.0.0.1/assets/table-1.js')),
);

it('says of code that cannot be fetched that a reload may help, and leaves what is around it', async () => {
  vi.mocked(console.error).mockImplementation(() => {});
  render(
    <>
      <LateCode what="The table" fallback="Loading the table">
        <FetchedLate />
      </LateCode>
      <p>The rest</p>
    </>,
  );
  expect(await screen.findByRole('alert')).toHaveTextContent(/^The table could not be loaded\. /);
  expect(screen.getByRole('button', { name: 'Reload' })).toBeVisible();
  expect(screen.getByText('The rest')).toBeVisible();
});
