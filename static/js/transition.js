// The picture that was tapped becomes the picture of the product's page.
const cardFor = url => url && all(".card__link").find(link => link.pathname === new URL(url).pathname)?.closest(".card").querySelector("img");
const carry = (picture, transition) => {
  if (!picture) return;
  all("#gallery img").forEach(each => { each.style.viewTransitionName = "none"; });
  picture.style.viewTransitionName = "product";
  const putBack = () => all("#gallery img, .card img").forEach(each => { each.style.viewTransitionName = ""; });
  transition.finished.then(putBack, putBack);
};
on("pageswap", event => event.viewTransition && carry(cardFor(event.activation?.entry?.url), event.viewTransition), window);
on("pagereveal", event => event.viewTransition && carry(cardFor(window.navigation?.activation?.from?.url), event.viewTransition), window);
