import '../../../src/app/fonts.css';
import '../../../src/app/tokens.css';
import '../../../src/app/global.css';
import { showEvent } from './event-page.tsx';

await showEvent(new URLSearchParams(location.search).get('event') ?? '');
