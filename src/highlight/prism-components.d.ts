/** Prism's parts come without types: the core exports Prism, a grammar adds itself to the Prism of the global scope. */
declare module 'prismjs/components/prism-core.js' {
  import type * as Prism from 'prismjs';

  const core: typeof Prism;
  export default core;
}
declare module 'prismjs/components/*';
