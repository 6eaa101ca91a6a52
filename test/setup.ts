import '@testing-library/jest-dom/vitest';
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach, expect, vi } from 'vitest';

// A part that comes as code of its own may take a second on a busy machine.
configure({ asyncUtilTimeout: 10_000 });

// jsdom lays nothing out, so a virtual list would render no row: give every element a size.
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 800 });
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 1200 });

let complaints: unknown[][] = [];
beforeEach(() => {
  complaints = [];
  for (const method of ['error', 'warn'] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void complaints.push(words));
  }
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  localStorage.clear();
  // A message that nobody expected is a fault that nobody has looked at.
  expect(complaints).toEqual([]);
});
