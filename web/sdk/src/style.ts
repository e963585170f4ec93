/** The minimal default look, as a constructable stylesheet: allowed under `style-src 'self'`.
 *
 *  Everything is in `:where()`, specificity zero, so any rule of the site wins. The colours are the
 *  tokens of the design, dark ones where the *page* declares a dark color-scheme (light-dark()). */

const both = (property: string, light: string, dark: string): string =>
  `${property}:${light};${property}:light-dark(${light},${dark});`;

const border = both('border-color', '#e3e6e4', '#3a4247');
const focus = ':where(.tact-link,.tact-option,.tact-dismiss):focus-visible' +
  `{outline:2px solid;${both('outline-color', '#33567f', '#9dbbe0')}outline-offset:2px}`;

const CSS = `
:where(.tact-message){box-sizing:border-box;max-width:62ch;margin:8px 0;padding:12px 16px;border:1px solid;border-radius:10px;font-size:15px;line-height:1.5;overflow-wrap:anywhere;${border}${both('color', '#1d2327', '#e9ecea')}${both('background-color', '#fbfaf7', '#1d2327')}}
:where(.tact-title){margin:0 0 4px;font-weight:600}
:where(.tact-body){margin:0 0 8px;white-space:pre-line}
:where(.tact-items){margin:0 0 8px;padding-inline-start:20px}
:where(.tact-image){display:block;max-width:100%;height:auto;margin:0 0 8px;border-radius:6px}
:where(.tact-link){text-underline-offset:2px;${both('color', '#1f6f5c', '#7cc4b0')}}
:where(.tact-options){display:flex;flex-wrap:wrap;gap:8px;margin:8px 0}
:where(.tact-option,.tact-dismiss){font:inherit;min-height:24px;border:1px solid;border-radius:6px;background:none;cursor:pointer;${border}}
:where(.tact-option){padding:8px 12px;color:inherit}
:where(.tact-quiet){display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;margin:8px 0 0;font-size:13px;${both('color', '#5b666d', '#aab4ba')}}
:where(.tact-because){flex:1 1 24ch}
:where(.tact-dismiss){padding:2px 8px;color:inherit}
${focus}`;

let sheet: CSSStyleSheet | undefined;

/** Once, and only when a message is really shown. Without constructable stylesheets: no default look. */
export function addDefaultStyle(): void {
  if (sheet && document.adoptedStyleSheets.includes(sheet)) return;
  if (!('adoptedStyleSheets' in document)) return;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
