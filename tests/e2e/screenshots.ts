// Takes the pictures of the README from a running demo: node screenshots.ts URL TOKEN FOLDER
import {openBrowser} from './browser.ts';

const [url, token, folder] = process.argv.slice(2);
if (!url || !token || !folder) throw new Error('usage: node screenshots.ts URL TOKEN FOLDER');

for (const [name, width, height] of [['desktop', 1360, 1000], ['phone', 390, 844]] as const) {
  const browser = await openBrowser({width, height});
  const page = await browser.context.newPage();
  page.on('console', (message) => message.type() === 'error' && console.log(name, message.text()));
  await page.goto(`${url}/demo/p/fjell-trail-shoe`);
  await page.waitForTimeout(1500);
  await page.screenshot({path: `${folder}/shop-${name}.png`});
  await page.goto(`${url}/live/?token=${token}`);
  await page.waitForTimeout(2000);
  await page.getByText('Unsure of size').first().click();
  await page.waitForTimeout(22_000);
  await page.screenshot({path: `${folder}/live-${name}.png`, fullPage: name === 'phone'});
  await browser.close();
}
