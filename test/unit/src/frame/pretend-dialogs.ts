import { beforeEach } from 'vitest';

/** jsdom has neither modal dialogs, whose attribute makes their content reachable, nor popovers. The browser tests have the real ones. */
export function pretendDialogs(): void {
  beforeEach(() => {
    HTMLDialogElement.prototype.showModal = function showModal() {
      this.open = true;
    };
    HTMLDialogElement.prototype.close = function close() {
      this.open = false;
      this.dispatchEvent(new globalThis.Event('close'));
    };
    HTMLElement.prototype.hidePopover = () => {};
  });
}
