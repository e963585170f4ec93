/** What a view gives back to main.ts. */
export interface View {
  title: string;
  body: HTMLElement;
  /** What `<meta name="tact:page">` says; `type` is what playbooks call the page type. */
  page: {type: string; [more: string]: unknown};
  /** The menu entry this page belongs to. */
  nav?: string;
  /** Runs once the page is in place and its address is set: events go here. */
  shown?: () => void;
  /** The address this page should have had. */
  address?: string;
}
