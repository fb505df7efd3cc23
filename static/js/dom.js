// What the other files say often. Each of them is a block of its own in the bundle: its names are nobody else's.
const on = (type, handle, where = document) => where.addEventListener(type, handle);
const all = (selector, where = document) => [...where.querySelectorAll(selector)];
const byId = id => document.getElementById(id);
const cookie = name => document.cookie.split("; ").find(pair => pair.startsWith(name + "="))?.slice(name.length + 1);
// handle(the element that was clicked or holds what was clicked, event)
const onClick = (selector, handle) => on("click", event => {
  const hit = event.target.closest?.(selector);
  if (hit) handle(hit, event);
});
// handle(htmx's context of the request: sourceElement, target, response ...)
const onSwap = handle => on("htmx:after:swap", event => handle(event.detail.ctx));
// A browser may run a page that nobody has opened yet, and show it later or never.
const whenOpened = handle => document.prerendering ? on("prerenderingchange", handle) : handle();
