// The page searched and filtered, every sequence in a table, and sequences played.
{
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const make = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const kept = (key, value) => {
    try {
      if (value === undefined) return sessionStorage.getItem(`trackbench ${location.pathname} ${key}`);
      sessionStorage.setItem(`trackbench ${location.pathname} ${key}`, value);
    } catch { /* a file may be kept from storing anything */ }
    return null;
  };

  // What is marked with a tracker, a data set or an attribute is shown if its mark is wanted.
  const kinds = ["tracker", "dataset", "attribute"];
  const marked = Object.fromEntries(
    kinds.map((kind) => [kind, [...document.querySelectorAll(`[data-${kind}]`)]]));
  const names = Object.fromEntries(kinds.map((kind) =>
    [kind, [...new Set(marked[kind].map((element) => element.dataset[kind]))]]));
  const chosen = (kind) => $(`only-${kind}`).value;
  let wanted = {};

  // Tiles, legends, lines of charts and film strips are of the best alone: of how many is chosen.
  const charted = $("charted");
  const drawn = [...document.querySelectorAll(
    ".tiles > [data-tracker], .legend > [data-tracker], .chart [data-tracker], .tracker[data-tracker]")];
  const rank = new Map(data.trackers.map((tracker, place) => [tracker.name, place]));
  const limit = (asked) => {
    const most = asked || !charted ? Infinity : Number(charted.value);
    for (const element of drawn) {
      element.classList.toggle("beyond", rank.get(element.dataset.tracker) >= most);
    }
    if (charted) kept("charted", charted.value);
  };

  const filter = () => {
    const words = $("search").value.toLowerCase().split(/[\s,]+/).filter(Boolean);
    wanted = {};
    const unmatched = new Set(words);
    for (const kind of kinds) {
      const found = names[kind].filter((name) => words.some((word) => {
        const hit = name.toLowerCase().includes(word);
        if (hit) unmatched.delete(word);
        return hit;
      }));
      wanted[kind] = new Set(chosen(kind) ? [chosen(kind)] : found.length ? found : names[kind]);
    }
    for (const kind of kinds) {
      for (const element of marked[kind]) {
        const shown = kinds.every((each) =>
          element.dataset[each] === undefined || wanted[each].has(element.dataset[each]));
        element.classList.toggle("filtered", !shown);
      }
    }
    // Whoever asks for a tracker wants to see it, however many are better.
    limit(wanted.tracker.size < names.tracker.length);
    // A word that is no tracker, data set or attribute is looked for among names of sequences.
    list([...unmatched]);
    for (const kind of kinds) kept(kind, chosen(kind));
    kept("search", $("search").value);
  };

  // Every sequence, the largest difference of two trackers first.
  const step = 50;
  let rows = step;
  let words = [];
  const score = (dataset, tracker, n) => dataset.scores[tracker]?.[n] ?? null;
  // As in the page's other tables: of a tie (0.125) the even digit.
  const decimal = (value) => {
    if (value === null) return "–";
    const low = Math.floor(value * 100);
    const tie = Number.isInteger(value * 8) && !Number.isInteger(value * 4);
    return (tie && low % 2 === 0 ? low / 100 : value).toFixed(2);
  };

  const signed = (value) => {
    const size = decimal(value === null ? null : Math.abs(value));
    return Number(size) > 0 ? `${value > 0 ? "+" : "-"}${size}` : size;
  };

  const list = (looked) => {
    if (looked) words = looked;
    const [first, second] = [$("first").value, $("second").value];
    const found = [];
    for (const dataset of data.datasets) {
      if (!wanted.dataset.has(dataset.label)) continue;
      dataset.frames.forEach((frames, n) => {
        const name = dataset.names ? dataset.names[n] : String(n);
        if (words.length && !words.some((word) => name.toLowerCase().includes(word))) return;
        const [a, b] = [score(dataset, first, n), score(dataset, second, n)];
        const difference = a === null || b === null ? null : a - b;
        found.push({ dataset, n, name, frames, difference });
      });
    }
    const size = (row) => (row.difference === null ? -1 : Math.abs(row.difference));
    found.sort((a, b) => size(b) - size(a));
    const pair = (t) => (t.id === first ? 0 : t.id === second ? 1 : 2);
    const trackers = data.trackers.filter((t) => wanted.tracker.has(t.name) || pair(t) < 2)
      .sort((a, b) => pair(a) - pair(b));
    const head = make("tr");
    const heading = (text, className) => {
      const cell = make("th", text, className);
      cell.scope = "col";
      head.append(cell);
    };
    heading("Sequence", "text");
    heading("Frames", "number");
    heading("Difference", "number");
    for (const tracker of trackers) heading(tracker.name, "number");
    const body = make("tbody");
    for (const row of found.slice(0, rows)) body.append(line(row, trackers));
    const table = $("every");
    table.tHead.replaceChildren(head);
    table.tBodies[0].replaceWith(body);
    $("count").textContent =
      `${Math.min(rows, found.length)} of ${found.length} sequences, by the size of the difference`;
    $("more").hidden = found.length <= rows;
  };

  const playable = (dataset, n) => data.served || `${dataset.id}/${n}` in data.clips;

  const line = (row, trackers) => {
    const made = make("tr");
    const name = make("th", undefined, "text");
    name.scope = "row";
    const label = `${row.dataset.label}, ${row.name}`;
    if (playable(row.dataset, row.n)) {
      const button = make("button", `▶ ${label}`);
      button.type = "button";
      button.addEventListener("click", () => play(row.dataset, row.n, [$("first").value, $("second").value]));
      name.append(button);
    } else name.textContent = label;
    made.append(name, make("td", String(row.frames), "number"));
    made.append(make("td", signed(row.difference), "number"));
    for (const tracker of trackers) {
      made.append(make("td", decimal(score(row.dataset, tracker.id, row.n)), "number"));
    }
    return made;
  };

  // The player: a sheet of frames, of which one is seen, and boxes over it.
  const player = $("player");
  const stage = $("stage");
  const over = $("over");
  const sheet = make("img");
  sheet.alt = "";
  let clip = null;
  let at = 0;
  let timer = 0;
  let asked = 0;

  const play = async (dataset, n, trackers) => {
    const name = dataset.names ? dataset.names[n] : String(n);
    $("played").textContent = `${dataset.label}, sequence ${name}`;
    $("said").textContent = "";
    const mine = ++asked;
    stop();
    clip = null;
    over.replaceChildren();
    sheet.remove();
    if (!player.open) player.showModal();
    try {
      const found = data.clips[`${dataset.id}/${n}`] ?? await fetched(data.datasets.indexOf(dataset), n);
      if (mine !== asked) return;
      clip = found;
      begin(trackers);
    } catch (error) {
      if (mine === asked) $("said").textContent = `It cannot be played: ${error.message}`;
    }
  };

  const fetched = async (dataset, n) => {
    $("said").textContent = "The frames are being made …";
    const answer = await fetch(`clip/${dataset}/${n}`);
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.error);
    $("said").textContent = "";
    return found;
  };

  const begin = (trackers) => {
    stage.style.aspectRatio = `${clip.width} / ${clip.height}`;
    stage.style.maxWidth = `${(60 * clip.width) / clip.height}vh`;
    sheet.src = clip.sheet;
    sheet.style.width = `${clip.columns * 100}%`;
    sheet.style.height = `${Math.ceil(clip.frames.length / clip.columns) * 100}%`;
    stage.prepend(sheet);
    over.setAttribute("viewBox", `0 0 ${clip.width} ${clip.height}`);
    const legend = $("boxes");
    legend.replaceChildren(make("li", "truth", "truth-name"));
    for (const tracker of data.trackers) {
      if (!(tracker.id in clip.boxes)) continue;
      const item = make("li", undefined, `s${tracker.colour}`);
      const box = make("input");
      box.type = "checkbox";
      box.checked = trackers.includes(tracker.id);
      box.addEventListener("change", () => draw());
      box.value = tracker.id;
      const label = make("label");
      label.append(box, make("span", tracker.name, "name"), make("output"));
      item.append(label);
      legend.append(item);
    }
    $("said").textContent = clip.note;
    $("frame").max = String(clip.frames.length - 1);
    at = 0;
    draw();
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) start();
  };

  const rectangle = (box, className) => {
    const made = document.createElementNS(over.namespaceURI, "rect");
    ["x", "y", "width", "height"].forEach((key, i) => made.setAttribute(key, String(box[i])));
    made.setAttribute("class", className);
    return made;
  };

  const draw = () => {
    const [column, row] = [at % clip.columns, Math.floor(at / clip.columns)];
    sheet.style.left = `${-100 * column}%`;
    sheet.style.top = `${-100 * row}%`;
    const drawn = [];
    if (clip.truth[at]) drawn.push(rectangle(clip.truth[at], "truth"));
    for (const box of $("boxes").querySelectorAll("input")) {
      const tracker = data.trackers.find((each) => each.id === box.value);
      const predicted = clip.boxes[box.value][at];
      if (box.checked && predicted) drawn.push(rectangle(predicted, `own s${tracker.colour}`));
      box.parentElement.querySelector("output").textContent = decimal(clip.iou[box.value][at]);
    }
    over.replaceChildren(...drawn);
    $("frame").value = String(at);
    $("at").textContent = `frame ${clip.frames[at]}`;
  };

  const start = () => {
    $("toggle").textContent = "Pause";
    timer = setInterval(() => {
      at = (at + 1) % clip.frames.length;
      draw();
    }, 80 * Math.min(clip.step, 4));
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    $("toggle").textContent = "Play";
  };
  $("toggle").addEventListener("click", () => clip && (timer ? stop() : start()));
  $("frame").addEventListener("input", () => {
    if (!clip) return;
    stop();
    at = Number($("frame").value);
    draw();
  });
  $("close").addEventListener("click", () => player.close());
  player.addEventListener("close", stop);

  // Filled in, and listened to.
  const option = (select, value, text) => {
    const made = make("option", text ?? value);
    made.value = value;
    $(select).append(made);
  };
  for (const kind of kinds) {
    option(`only-${kind}`, "", "all");
    for (const name of names[kind]) option(`only-${kind}`, name);
    const before = kept(kind);
    if (before && names[kind].includes(before)) $(`only-${kind}`).value = before;
    $(`only-${kind}`).addEventListener("change", filter);
    $(`only-${kind}`).parentElement.hidden = names[kind].length < 2;
  }
  for (const tracker of data.trackers) {
    option("first", tracker.id, tracker.name);
    option("second", tracker.id, tracker.name);
  }
  const ids = data.trackers.map((tracker) => tracker.id);
  for (const [place, id] of ["first", "second"].entries()) {
    $(id).value = ids.includes(kept(id)) ? kept(id) : ids[Math.min(place, ids.length - 1)];
    $(id).addEventListener("change", () => {
      kept(id, $(id).value);
      list();
    });
  }
  if (charted) {
    const before = kept("charted");
    if ([...charted.options].some((each) => each.value === before)) charted.value = before;
    charted.addEventListener("change", filter);
  }
  $("search").value = kept("search") ?? "";
  $("search").addEventListener("input", filter);
  $("more").addEventListener("click", () => {
    rows += step;
    list();
  });
  for (const strip of document.querySelectorAll("[data-clip]")) {
    const [place, n] = strip.dataset.clip.split("/").map(Number);
    const dataset = data.datasets[place];
    if (!playable(dataset, n)) continue;
    const button = make("button", "▶ play", "play");
    button.type = "button";
    button.setAttribute("aria-label", `play ${dataset.label}, sequence ${n}`);
    button.addEventListener("click", () => play(dataset, n, [JSON.parse(strip.dataset.of)]));
    strip.append(button);
  }
  filter();
  document.documentElement.classList.add("explored");

  // Where the page is served, it is renewed as a run goes on, and stays where it is.
  if (data.served) {
    const began = document.documentElement.dataset.state;
    const look = async () => {
      try {
        const state = await (await fetch("state")).json();
        $("running").replaceChildren(...state.running.map((text) => make("li", text)));
        if (state.state !== began && !player.open) location.reload();
      } catch { /* it has ended, or will answer the next time */ }
    };
    setInterval(look, 2000);
    look();
  }
}
