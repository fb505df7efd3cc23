// Quick view. One listener for all cards: htmx would prepare each of their buttons while the page comes.
onClick("[data-quick]", button => htmx.ajax("GET", button.dataset.quick, { source: button, target: "#quick", swap: "innerHTML" }));
