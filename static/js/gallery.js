// Gallery: a thumbnail turns to its picture, the picture opens large. Both are plain links without this script.
const turnTo = thumb => {
  const strip = byId("gallery"), slide = byId(thumb.hash.slice(1));
  strip.scrollTo({ left: slide.offsetLeft - strip.firstElementChild.offsetLeft });
};
document.addEventListener("scrollend", ({ target }) => {
  if (target.id !== "gallery") return;
  const current = Math.round(target.scrollLeft / target.clientWidth);
  all(".thumbs a").forEach((thumb, index) => index === current
    ? thumb.setAttribute("aria-current", "true") : thumb.removeAttribute("aria-current"));
}, true);
const showLarge = link => {
  const dialog = Object.assign(document.createElement("dialog"), { className: "zoom", ariaLabel: "Picture" });
  // The picture scrolls in a place of its own, by finger, wheel and arrow keys.
  dialog.innerHTML = '<div tabindex="0"><img></div><p><button class="button button--small" aria-pressed="false">Larger</button> <button class="button button--small" autofocus>Close</button></p>';
  const [place, { children: [larger, close] }] = dialog.children, picture = Object.assign(place.firstChild, { src: link.href, alt: link.querySelector("img").alt });
  picture.onclick = larger.onclick = () => {
    larger.ariaPressed = picture.classList.toggle("larger");
    place.scrollTo((place.scrollWidth - place.clientWidth) / 2, (place.scrollHeight - place.clientHeight) / 2);
  };
  close.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
};
const instead = show => (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link);
};
onClick(".thumbs a", instead(turnTo));
onClick("[data-zoom]", instead(showLarge));
