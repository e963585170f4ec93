import {describe, expect, it} from 'vitest';
import {GRANTED, SLOT} from './browser';
import {message, reply, sleep, until} from './server';
import {harness} from './setup';

const t = harness();
const always = (show: object = {}) => (b: any, res: any) =>
  reply(res, 200, {decisions: b.slots.map((s: string) => message(s, b.visitor ? {id: `d${++n}`} : {id: undefined}, show))});
let n = 0;
const shown = (p: any): Promise<any> => until(() => p.$('.tact-message'));

describe('deciding', () => {
  it('asks once for all slots of the page, with a fresh requestId', async () => {
    const p = await t.open({local: GRANTED, html: SLOT + '<div data-tact-slot="page.banner"></div><div data-tact-slot="page.banner"></div>'});
    const a = (await until(() => t.server.to('/v1/decide')[0])).body;
    expect(a.slots).toEqual(['product.reassurance', 'page.banner']);
    await sleep(100);
    p.tact.refresh();
    const b = (await until(() => t.server.to('/v1/decide')[1])).body;
    expect(b.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(b.requestId).not.toBe(a.requestId);
  });

  it('decides slots added later, together, and gives a re-created slot what was decided', async () => {
    t.server.decide = always();
    const p = await t.open({local: GRANTED});
    await shown(p);
    p.doc.body.insertAdjacentHTML('beforeend', '<div data-tact-slot="cart.help">x</div>');
    p.doc.body.insertAdjacentHTML('beforeend', '<p><i data-tact-slot="cart.more"></i></p>');
    expect((await until(() => t.server.to('/v1/decide')[1])).body.slots).toEqual(['cart.help', 'cart.more']);
    p.slot.remove();
    p.doc.body.insertAdjacentHTML('beforeend', SLOT);
    await until(() => p.$('[data-tact-slot="product.reassurance"] .tact-message'));
    expect(t.server.to('/v1/decide').length).toBe(2);
  });

  it('refresh() is debounced, and replaces content only when the decision differs', async () => {
    t.server.decide = always();
    const p = await t.open({local: GRANTED});
    const before = await shown(p);
    p.tact.refresh(); p.tact.refresh(); p.tact.refresh();
    await until(() => t.server.to('/v1/decide')[1]);
    await sleep(150);
    expect(t.server.to('/v1/decide').length).toBe(2);
    expect(p.$('.tact-message')).toBe(before);
    t.server.decide = always({content: {title: 'Other'}});
    p.tact.refresh();
    await until(() => p.$('.tact-title').textContent === 'Other');
    t.server.decide = () => undefined;  // Tact hangs: what was decided for this view stays
    p.tact.refresh();
    await sleep(500);
    expect(p.$('.tact-title').textContent).toBe('Other');
    t.server.decide = (b, res) => reply(res, 200, {decisions: [{slot: b.slots![0], id: 'd0', show: null}]});
    p.tact.refresh();
    await until(() => p.slot.textContent === 'default content');
  });

  it('the message of the page before goes when the next route gets no answer', async () => {
    t.server.decide = always();
    const p = await t.open({local: GRANTED});
    await shown(p);
    t.server.decide = () => undefined;
    p.w.history.pushState({}, '', '/other');
    const start = performance.now();
    await until(() => p.slot.textContent === 'default content');
    expect(performance.now() - start).toBeLessThan(420);
  });

  it('an answer for the route before is not shown on the next one, and reported as not seen', async () => {
    t.server.decide = async (b, res, nth) => {
      if (nth > 1) return reply(res, 200, {decisions: [{slot: b.slots![0], id: 'new', show: null}]});
      await sleep(200);
      reply(res, 200, {decisions: [message(b.slots![0]!, {id: 'old'})]});
    };
    const p = await t.open({local: GRANTED});
    await until(() => t.server.to('/v1/decide')[0]);
    p.w.history.pushState({}, '', '/other');
    await sleep(350);
    expect(p.slot.textContent).toBe('default content');
    expect((await until(() => t.server.once('Message Not Seen')[0])).properties).toEqual({decision: 'old', slot: 'product.reassurance'});
  });
});

describe('rendering', () => {
  it('hostile content is shown as the text it is', async () => {
    const evil = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
    t.server.decide = always({kind: '"><b>', because: evil, content: {
      title: evil, body: evil, items: [evil, {toString: 'x'}], image: {src: 'data:image/svg+xml,<svg onload=alert(1)>', alt: evil},
      link: {text: evil, to: ' java\nscript:window.pwned=1'}, options: [{value: 'x', text: evil}]}});
    const p = await t.open({local: GRANTED});
    const m = await shown(p);
    expect([...m.querySelectorAll('*')].map((e: any) => e.tagName).sort()).toEqual(['BUTTON', 'BUTTON', 'BUTTON', 'DIV', 'LI', 'P', 'P', 'SPAN', 'UL']);
    expect(p.$('.tact-title').textContent).toBe(evil);
    expect(p.$('.tact-link')).toBe(null);
    expect(p.$('.tact-image')).toBe(null);
    for (const e of [m, ...m.querySelectorAll('*')]) for (const a of e.attributes) expect(a.name).not.toMatch(/^(on|style)/);
    expect(p.w.pwned).toBe(undefined);
  });

  for (const [to, ok] of [['javascript:alert(1)', 0], ['JaVaScRiPt:alert(1)', 0], ['\u0001javascript:alert(1)', 0], ['data:text/html,x', 0], ['vbscript:x', 0],
    ['blob:http://x/1', 0], ['file:///etc/passwd', 0], ['/size-guide', 1], ['?a=1', 1], ['https://shop.example/x', 1]] as const) {
    it(`link to ${JSON.stringify(to)}: ${ok ? 'kept' : 'dropped'}`, async () => {
      t.server.decide = always({content: {title: 'T', link: {text: 'go', to}, image: {src: to}}});
      const p = await t.open({local: GRANTED});
      await shown(p);
      expect(!!p.$('.tact-link')).toBe(!!ok);
      expect(!!p.$('.tact-image')).toBe(!!ok);
      if (ok) expect(p.$('.tact-link').href).toMatch(/^https?:/);
    });
  }

  it('is labelled, speaks the document\'s language, and styles without style attributes', async () => {
    t.server.decide = always();
    const p = await t.open({local: GRANTED, lang: 'de-AT'});
    const m = await shown(p);
    expect([m.getAttribute('role'), m.getAttribute('aria-label')]).toEqual(['note', 'Between sizes?']);
    const buttons = [...p.doc.querySelectorAll('.tact-dismiss')] as any[];
    expect(buttons.map((b) => b.textContent)).toEqual(['Passt nicht zu mir', 'Jetzt nicht', 'Ist ein Geschenk']);
    expect(buttons.every((b) => b.type === 'button')).toBe(true);
    expect(p.doc.adoptedStyleSheets.length).toBe(1);
  });

  it('a service message has no gift button, and defaultStyle can be turned off', async () => {
    t.server.decide = always({kind: 'service'});
    const p = await t.open({local: GRANTED, attributes: {'data-default-style': 'false'}});
    await shown(p);
    expect([...p.doc.querySelectorAll('.tact-dismiss')].map((b: any) => b.textContent)).toEqual(['Not me', 'Not now']);
    expect(p.doc.adoptedStyleSheets.length).toBe(0);
  });
});

describe('using a message', () => {
  for (const reason of ['not_me', 'not_now', 'gift']) {
    it(`${reason}: says so, and the default is back with the focus`, async () => {
      t.server.decide = always();
      const p = await t.open({local: GRANTED});
      await shown(p);
      const button = p.$(`[data-tact-reason=${reason}]`);
      button.focus();
      button.click();
      expect(p.slot.textContent).toBe('default content');
      expect(p.doc.activeElement).toBe(p.slot);
      const e = await until(() => t.server.once('Message Dismissed')[0]);
      expect(e.properties).toEqual({decision: expect.stringMatching(/^d\d/), slot: 'product.reassurance', reason});
      expect(t.server.once('Message Seen').length).toBe(1);  // who dismisses has seen
    });
  }

  it('without consent sends nothing, and the same message does not come back on this page', async () => {
    t.server.decide = always();
    const p = await t.open();
    await shown(p);
    p.$('[data-tact-reason=not_me]').click();
    p.tact.refresh();
    await until(() => t.server.to('/v1/decide')[1]);
    await sleep(100);
    expect(p.slot.textContent).toBe('default content');
    expect(t.server.events()).toEqual([]);
    expect(p.local).toEqual({});
  });

  it('reports clicks on its link', async () => {
    t.server.decide = always();
    const p = await t.open({local: GRANTED});
    await shown(p);
    p.doc.addEventListener('click', (e: any) => e.preventDefault());
    p.$('.tact-link').click();
    const e = await until(() => t.server.once('Message Clicked')[0]);
    expect(e.properties).toEqual({decision: expect.any(String), slot: 'product.reassurance'});
  });

  it('a question: the answer is sent, and decides the next decision', async () => {
    t.server.decide = (b, res, nth) => (nth > 1 ? always({content: {title: 'Then this'}}) : always({
      kind: 'question', message: 'who-for', content: {title: 'Who is it for?', options: [{value: 'me', text: 'For me'}, {value: 'gift', text: 'A gift'}]}}))(b, res);
    const p = await t.open({local: GRANTED});
    await shown(p);
    expect([...p.doc.querySelectorAll('.tact-option')].map((b: any) => b.textContent)).toEqual(['For me', 'A gift']);
    p.doc.querySelectorAll('.tact-option')[1].click();
    const d = await until(() => t.server.to('/v1/decide')[1]);
    const answer = d.body.events!.find((e) => e.event === 'Question Answered')!;
    expect(answer.properties).toEqual({decision: expect.any(String), question: 'who-for', answer: 'gift'});
    await until(() => p.$('.tact-title')?.textContent === 'Then this');
  });
});

describe('visibility', () => {
  const open = async (decide?: any): Promise<any> => {
    if (decide) t.server.decide = decide;
    const p = await t.open({local: GRANTED});
    await until(() => p.session['tact.queue'] === undefined && t.server.to('/v1/decide')[0]);
    await sleep(20);
    return p;
  };

  for (const [what, decide] of [['a message', always()], ['a default', undefined]] as const) {
    it(`${what} half visible for a second is seen, once`, async () => {
      const p = await open(decide);
      p.inView(p.slot, 0.5);
      await sleep(900);
      expect(p.session['tact.queue']).toBe(undefined);
      await until(() => t.server.once('Message Seen').length === 1);
      expect(t.server.once('Message Seen')[0]!.properties).toEqual({decision: expect.any(String), slot: 'product.reassurance'});
      p.inView(p.slot, 0);
      p.inView(p.slot, 1);
      await sleep(1100);
      p.leave();
      await until(() => t.server.once('Page Left').length);
      expect(t.server.once('Message Seen').length).toBe(1);
      expect(t.server.once('Message Not Seen')).toEqual([]);
    });
  }

  it('too little, too short, or in a hidden tab is not seen', async () => {
    const p = await open();
    p.inView(p.slot, 0.4);
    await sleep(1100);
    p.inView(p.slot, 0.9);
    await sleep(600);
    p.inView(p.slot, 0);
    await sleep(50);
    p.inView(p.slot, 0.9);
    await sleep(600);
    p.visibility('hidden');
    await sleep(600);
    p.leave();
    await until(() => t.server.once('Message Not Seen').length === 1);
    expect(t.server.once('Message Seen')).toEqual([]);
  });
});

it('a decision whose slot vanished meanwhile is reported as not seen', async () => {
  t.server.decide = async (b, res) => { await sleep(100); reply(res, 200, {decisions: [message(b.slots![0]!, {id: 'gone'})]}); };
  const p = await t.open({local: GRANTED});
  await until(() => t.server.to('/v1/decide')[0]);
  p.slot.remove();
  await sleep(200);
  p.leave();
  expect((await until(() => t.server.once('Message Not Seen')[0])).properties.decision).toBe('gone');
});
