/** The server lets only styles with the page's own nonce apply (http/pages.py). */
export const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce;

/** Gives the nonce to every style that scripts make: antd's own are told, some of its parts make theirs without asking. */
export function nonceStyles(): void {
  if (!nonce) return;
  const make = document.createElement.bind(document) as (name: string, options?: ElementCreationOptions) => HTMLElement;
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const made = make(name, options);
    if (made instanceof HTMLStyleElement) made.nonce = nonce;
    return made;
  }) as typeof document.createElement;
}
