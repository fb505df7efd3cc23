// Where the menu is wider than the phone, the page one is on is in sight; the page itself stays where it is.
all(".bar__nav [aria-current], .menu [aria-current]").forEach(here => {
  const menu = here.closest("nav");
  menu.scrollTo(here.offsetLeft - menu.offsetLeft - 40, 0);
});
// A click elsewhere closes an open menu.
on("click", ({ target }) => all("details.sort[open]").forEach(menu => menu.contains(target) || (menu.open = false)));
