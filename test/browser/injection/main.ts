import '../../../src/app/fonts.css';
import '../../../src/app/tokens.css';
import '../../../src/app/global.css';
import { showAnswers } from './answers.tsx';

void showAnswers();
