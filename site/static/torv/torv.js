/* Small helps on top of pages that work without them. No cookie, no storage, nothing from elsewhere. */
(() => {
  "use strict";

  /* ---- the directory: results change in place (htmx does the swapping) ---- */
  const finder = () => document.getElementById("finder");

  // A tree of choices: choosing a part takes its whole back, and the other way round.
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.checked || !box.closest(".tree")) return;
    for (const other of document.querySelectorAll(`#finder input[name="${CSS.escape(box.name)}"]:checked`)) {
      if (other === box) continue;
      if (box.value.startsWith(other.value + "/") || other.value.startsWith(box.value + "/")) other.checked = false;
    }
  }, true);

  // What was unfolded stays unfolded.
  let unfolded = new Map();
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== finder()) return;
    unfolded = new Map([...finder().querySelectorAll("details[id]")].map((fold) => [fold.id, fold.open]));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== finder()) return;
    for (const fold of finder().querySelectorAll("details[id]")) {
      if (unfolded.get(fold.id)) fold.open = true;
    }
    // The link that was followed is gone: go on from the result line instead of from the top of the page.
    if (document.activeElement === document.body || document.activeElement === null) {
      document.getElementById("found")?.focus({ preventScroll: true });
    }
  });
  // htmx notes the current address in the session storage for a cache that is switched off here: nothing is kept.
  for (const name of ["htmx:load", "htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) {
    document.addEventListener(name, () => { try { sessionStorage.clear(); } catch { /* storage is switched off */ } });
  }
  // A typed search is sent when the visitor says so; an answer that never comes falls back to a plain page load.
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const path = event.detail.pathInfo?.finalRequestPath || event.detail.requestConfig?.path;
      if (path) window.location.assign(path);
    });
  }

  /* ---- suggestions under the search field (the combobox pattern of WAI-ARIA) ---- */
  for (const field of document.querySelectorAll("input[data-suggest]")) {
    const list = document.createElement("ul");
    list.id = field.id + "-list";
    list.className = "suggest";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset.found);
    field.closest(".search__box").append(list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
      field.setAttribute(name, value);
    }
    let timer = 0, asked = "", active = -1, request = null;

    const close = () => {
      list.hidden = true;
      active = -1;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
      const options = [...list.children];
      active = options.length ? (index + options.length) % options.length : -1;
      options.forEach((option, n) => option.setAttribute("aria-selected", String(n === active)));
      if (active < 0) return field.removeAttribute("aria-activedescendant");
      field.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    };
    const choose = (option) => {
      close();
      if (option.dataset.url) return window.location.assign(option.dataset.url);
      field.value = option.dataset.text;
      field.form.requestSubmit();
    };
    const show = (found) => {
      list.replaceChildren(...found.map((item, n) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${n}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.text = item.text;
        if (item.url) option.dataset.url = item.url;
        const words = document.createElement("span");
        words.textContent = item.text;
        if (item.language && item.language !== document.documentElement.lang) words.lang = item.language;
        option.append(words);
        return option;
      }));
      active = -1;
      list.hidden = found.length === 0;
      field.setAttribute("aria-expanded", String(found.length > 0));
    };
    const ask = async () => {
      const text = field.value.trim();
      if (text.length < 2) return close();
      if (text === asked && !list.hidden) return;
      asked = text;
      request?.abort();
      request = new AbortController();
      const address = `${field.dataset.suggest}?${new URLSearchParams({ q: text, lang: document.documentElement.lang })}`;
      try {
        const response = await fetch(address, { signal: request.signal, headers: { Accept: "application/json" } });
        if (!response.ok) return close();
        const answer = await response.json();
        if (document.activeElement === field) show(answer.items ?? answer.suggestions ?? answer);
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    };
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
    field.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" && list.hidden) return ask();
      if (list.hidden) return;
      if (event.key === "ArrowDown") { event.preventDefault(); mark(active + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(active < 0 ? -1 : active - 1); }
      else if (event.key === "Escape") { event.preventDefault(); close(); }
      else if (event.key === "Enter" && active >= 0) { event.preventDefault(); choose(list.children[active]); }
    });
    field.addEventListener("blur", () => setTimeout(close, 150));
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) choose(option); });
    field.form.addEventListener("submit", () => { clearTimeout(timer); request?.abort(); close(); });
  }
})();
