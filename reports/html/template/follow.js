// Renews a page that is served when what it shows has changed.
"use strict";
const began = document.documentElement.dataset.state;
const look = async () => {
  try {
    const state = await (await fetch("state")).json();
    const running = document.getElementById("running");
    running.replaceChildren(...state.running.map((text) => {
      const line = document.createElement("li");
      line.textContent = text;
      return line;
    }));
    if (state.state !== began) location.reload();
  } catch { /* it has ended, or will answer the next time */ }
};
setInterval(look, 2000);
look();
