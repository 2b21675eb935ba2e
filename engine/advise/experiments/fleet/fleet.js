"use strict";
(async () => {
  const raw = document.getElementById("data").textContent;
  const bytes = Uint8Array.from(atob(raw), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const data = await new Response(stream).json();
  const { texts, phrases, columns } = data;
  const rows = data.rows.map((row, place) => ({ row, place, words: null }));
  const HEIGHT = 34;
  const body = document.getElementById("rows");
  const box = document.getElementById("box");
  const filter = document.getElementById("filter");
  const count = document.getElementById("count");
  const sheet = document.getElementById("plan");
  let language = document.documentElement.dataset.language;
  let shown = rows;
  let sorted = null;
  let falls = false;

  const phrase = (key) => phrases[language][key] ?? key;
  const text = (index) => (index === null || index === undefined ? "" : texts[index]);
  const told = (row) => row.told[language];
  const element = (name, content, kind) => {
    const made = document.createElement(name);
    if (content !== undefined) made.textContent = content;
    if (kind) made.className = kind;
    return made;
  };
  const cell = (row, column) => {
    switch (column) {
      case "verdict": return phrase("verdict_" + row.verdict);
      case "finding": return row.error ?? text(row.finding[language]);
      case "value": return [row.best, row.last].filter((value) => value !== null).join(" → ");
      case "run": return row.run.startsWith(data.common) ? row.run.slice(data.common.length) : row.run;
      default: return row[column] ?? "";
    }
  };
  const key = (row, column) => {
    if (column === "finding") return row.order;
    if (column === "value") return row.sort.best;
    if (column in row.sort) return row.sort[column];
    return cell(row, column);
  };
  const words = (item) => {
    item.words ??= {};
    return (item.words[language] ??= columns.map((column) => (column === "curve" ? "" : cell(item.row, column))).join(" ").toLowerCase());
  };
  const spark = (points) => {
    const NS = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(NS, "svg");
    picture.setAttribute("viewBox", "0 0 100 24");
    picture.setAttribute("class", "spark");
    picture.setAttribute("aria-hidden", "true");
    let path = "";
    let open = false;
    points.forEach((value, place) => {
      if (value === null) { open = false; return; }
      path += (open ? "L" : "M") + (points.length > 1 ? (100 * place) / (points.length - 1) : 50).toFixed(1) + " " + (22 - (20 * value) / 99).toFixed(1);
      open = true;
    });
    const line = document.createElementNS(NS, "path");
    line.setAttribute("d", path);
    picture.append(line);
    return picture;
  };
  const line = (item) => {
    const made = element("tr");
    made.tabIndex = 0;
    for (const column of columns) {
      const place = element("td", undefined, column);
      if (column === "curve") place.append(spark(item.row.curve));
      else if (column === "verdict") place.append(element("span", cell(item.row, column), "badge tone-" + item.row.tone));
      else { place.textContent = cell(item.row, column); place.title = place.textContent; }
      made.append(place);
    }
    made.addEventListener("click", () => open(item.row));
    made.addEventListener("keydown", (event) => { if (event.key === "Enter") open(item.row); });
    return made;
  };
  const draw = () => {
    const first = Math.max(0, Math.floor(box.scrollTop / HEIGHT) - 10);
    const last = Math.min(shown.length, first + Math.ceil(box.clientHeight / HEIGHT) + 20);
    const above = element("tr", undefined, "space");
    above.style.height = first * HEIGHT + "px";
    const below = element("tr", undefined, "space");
    below.style.height = (shown.length - last) * HEIGHT + "px";
    body.replaceChildren(above, ...shown.slice(first, last).map(line), below);
    count.textContent = phrase("shown").replace("{shown}", shown.length.toLocaleString()).replace("{count}", rows.length.toLocaleString());
  };
  const arrange = () => {
    const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = wanted.length ? rows.filter((item) => wanted.every((word) => words(item).includes(word))) : rows.slice();
    if (sorted !== null) {
      shown.sort((a, b) => {
        const one = key(a.row, sorted), other = key(b.row, sorted);
        const known = (value) => value !== null && value !== "" && value !== undefined;
        if (known(one) !== known(other)) return known(one) ? -1 : 1;
        const less = typeof one === "number" && typeof other === "number" ? one - other : String(one).localeCompare(String(other));
        return (falls ? -less : less) || a.place - b.place;
      });
    }
    box.scrollTop = 0;
    draw();
  };
  const open = (row) => {
    const said = told(row);
    const page = element("article");
    page.append(element("h2", row.run));
    if (row.error !== null) page.append(element("p", row.error));
    if (said) {
      page.append(element("p", text(said.verdict), "banner tone-" + row.tone));
      for (const each of said.head) page.append(element("p", text(each)));
      if (said.actions.length) {
        const list = element("ol");
        for (const [title, config] of said.actions) {
          const item = element("li", text(title));
          for (const each of config) item.append(element("code", text(each)));
          list.append(item);
        }
        page.append(list);
      }
      const list = element("ul");
      for (const [title, why] of said.findings) {
        const item = element("li");
        item.append(element("strong", text(title)), " ", text(why));
        list.append(item);
      }
      page.append(list);
    }
    if (row.settings.length) page.append(element("p", row.settings.map(text).join("  "), "settings"));
    page.append(element("p", phrase("plan_command")), element("code", row.command));
    const close = element("button", "×", "close");
    close.addEventListener("click", () => sheet.close());
    sheet.replaceChildren(close, page);
    sheet.showModal();
  };
  const speak = (chosen) => {
    language = chosen;
    document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
    for (const each of document.querySelectorAll("[data-phrase]")) each.textContent = phrase(each.dataset.phrase);
    for (const each of document.querySelectorAll("[data-in]")) each.hidden = each.dataset.in !== chosen;
    for (const each of document.querySelectorAll("[data-speak]")) each.setAttribute("aria-pressed", String(each.dataset.speak === chosen));
    filter.placeholder = phrase("filter");
    filter.setAttribute("aria-label", phrase("filter"));
    arrange();
  };
  for (const head of document.querySelectorAll("th button")) {
    head.addEventListener("click", () => {
      const column = head.dataset.column;
      falls = sorted === column ? !falls : false;
      sorted = column;
      for (const each of document.querySelectorAll("th")) each.removeAttribute("aria-sort");
      head.parentElement.setAttribute("aria-sort", falls ? "descending" : "ascending");
      arrange();
    });
  }
  for (const each of document.querySelectorAll("[data-speak]")) each.addEventListener("click", () => speak(each.dataset.speak));
  filter.addEventListener("input", arrange);
  box.addEventListener("scroll", () => requestAnimationFrame(draw));
  window.addEventListener("resize", draw);
  sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
  const common = document.getElementById("common");
  common.textContent = data.common;
  common.hidden = !data.common;
  speak(language);
  document.body.dataset.ready = "1";
})();
