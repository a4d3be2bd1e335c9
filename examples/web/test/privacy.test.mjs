// The page never sends a byte: nothing is asked for after it has loaded, and its policy refuses every way there is.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { close, here, listed, open, single, startBrowser, startSite } from "./helpers.mjs";

const browser = await startBrowser(after);
const site = await startSite(after);

/** Everything a person would do, in short. */
async function useIt(page) {
  await page.locator(".sample:not(.special)").first().click();
  await page.waitForSelector(".one");
  await page.locator(".brand").click();
  await page.fill("#reply", "550 5.1.1 User unknown");
  await page.locator("form button[type=submit]").click();
  await page.waitForSelector(".one");
  await page.locator(".brand").click();
  await page.locator(".sample.special").click();
  await listed(page);
  await page.locator(".table-rows .table-row").first().click();
  await page.waitForSelector(".one");
}

for (const build of ["one file", "site"]) {
  test(`${build}: nothing is requested after the page itself`, async () => {
    const page = await open(browser, { url: build === "site" ? site.url : single });
    const requested = [];
    page.context().on("request", (request) => requested.push(request.url()));
    page.on("websocket", (socket) => requested.push(socket.url()));
    await useIt(page);
    await page.waitForTimeout(300);
    assert.deepEqual(requested.filter((url) => !url.startsWith("blob:") && !url.startsWith("data:")), []);
    await close(page);
  });

  test(`${build}: works offline`, async () => {
    const page = await open(browser, { url: build === "site" ? site.url : single });
    await page.context().setOffline(true);
    await useIt(page);
    await close(page);
  });
}

test("the policy refuses every way to send, on the page and in a worker", async () => {
  const heard = [];
  const listener = createServer((request, response) => {
    heard.push(request.url);
    response.writeHead(200, { "access-control-allow-origin": "*" }).end();
  });
  await new Promise((ready) => listener.listen(0, "127.0.0.1", ready));
  after(() => listener.close());
  const target = `http://127.0.0.1:${listener.address().port}`;
  const page = await open(browser, { url: site.url });
  const ways = await page.evaluate(async (url) => {
    const refused = {};
    const violated = (name, act) =>
      new Promise((done) => {
        const timer = setTimeout(() => done((refused[name] = false)), 1500);
        const hear = () => (clearTimeout(timer), done((refused[name] = true)));
        document.addEventListener("securitypolicyviolation", hear, { once: true });
        Promise.resolve().then(act).catch(() => {});
      });
    await violated("fetch", () => fetch(`${url}/fetch`));
    await violated("XMLHttpRequest", () => {
      const request = new XMLHttpRequest();
      request.open("POST", `${url}/xhr`);
      request.send("mail");
    });
    await violated("beacon", () => navigator.sendBeacon(`${url}/beacon`, "mail"));
    await violated("WebSocket", () => new WebSocket(url.replace("http", "ws")));
    await violated("EventSource", () => new EventSource(`${url}/events`));
    await violated("image", () => (new Image().src = `${url}/image`));
    await violated("style", () => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${url}/style` });
      document.head.append(link);
    });
    await violated("script", () => document.head.append(Object.assign(document.createElement("script"), { src: `${url}/script` })));
    await violated("frame", () => document.body.append(Object.assign(document.createElement("iframe"), { src: `${url}/frame` })));
    await violated("form", () => {
      const form = Object.assign(document.createElement("form"), { action: `${url}/form`, method: "post", target: "_blank" });
      document.body.append(form);
      form.submit();
    });
    const program = `fetch("${url}/worker").then(() => postMessage(false), () => postMessage(true))`;
    const worker = new Worker(URL.createObjectURL(new Blob([program])));
    refused.worker = await new Promise((done) => (worker.onmessage = ({ data }) => done(data)));
    return refused;
  }, target);
  assert.deepEqual(Object.entries(ways).filter(([, refused]) => !refused), []);
  assert.ok(Object.keys(ways).length >= 11);
  assert.deepEqual(heard, []);
  await page.context().close();
});

test("both builds carry the policy, and nothing in them needs eval", () => {
  for (const name of ["dist/komainu.html", "dist/site/index.html"]) {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(readFileSync(here(name), "utf8"))[1];
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /connect-src 'none'/);
    assert.match(policy, /'wasm-unsafe-eval'/);
    assert.doesNotMatch(policy, /'unsafe-eval'|'unsafe-inline'|https?:/);
  }
});
