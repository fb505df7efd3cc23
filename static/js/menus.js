// Where the menu is wider than the phone, the page one is on is in sight.
document.querySelector(".bar__nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
// A click elsewhere closes an open menu.
on("click", ({ target }) => all("details.sort[open]").forEach(menu => menu.contains(target) || (menu.open = false)));
