import '../../../src/app/fonts.css';
import '../../../src/app/tokens.css';
import '../../../src/app/global.css';
import { showState } from './gallery.tsx';

showState(new URLSearchParams(location.search).get('state') ?? 'ready');
