// A click elsewhere closes an open menu.
on("click", ({ target }) => all("details.sort[open]").forEach(menu => menu.contains(target) || (menu.open = false)));
