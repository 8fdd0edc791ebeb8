/* A search field for codes: CPV codes, places, categories.
 *
 * The server renders a text input that holds codes separated by commas, which works by itself. This element hides it, puts a
 * combobox (WAI-ARIA: list autocomplete with manual selection) in its place, and writes the chosen codes back into it.
 */
(() => {
  "use strict";

  const DELAY = 150;
  let count = 0;

  const make = (tag, properties = {}, attributes = {}) => {
    const element = Object.assign(document.createElement(tag), properties);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);

  class CodePicker extends HTMLElement {
    connectedCallback() {
      // While the page is being read, an element is announced before its content is there.
      if (document.readyState !== "loading") this.setUp();
      else document.addEventListener("DOMContentLoaded", () => this.setUp(), { once: true });
    }

    setUp() {
      this.stored = this.querySelector("input");
      // In the template of an inline row, which Wagtail copies, nothing is to be set up.
      if (!this.stored || this.ready || this.stored.name.includes("__prefix__")) return;
      this.ready = true;
      this.strings = JSON.parse(this.dataset.strings);
      this.multiple = "multiple" in this.dataset;
      this.list = this.querySelector(".code-picker__chosen");
      this.items = [];
      this.active = -1;
      this.build();
      this.dataset.enhanced = "";
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      this.request?.abort();
    }

    build() {
      const id = `code-picker-${++count}`;
      const initial = [...this.list.children].map((li) => li.dataset.code);
      const unknown = this.codes().filter((code) => !initial.includes(code));
      this.list.id = `${id}-chosen`;
      this.list.setAttribute("aria-label", this.strings.chosen);
      for (const li of this.list.children) this.addRemove(li);
      for (const code of unknown) this.list.append(this.chip({ code, label: "", parents: [], language: "" }));

      this.input = make("input", { type: "text", id: this.stored.id, placeholder: this.dataset.placeholder, autocomplete: "off" }, {
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": `${id}-options`,
        "aria-describedby": [this.stored.getAttribute("aria-describedby"), this.list.id].filter(Boolean).join(" "),
      });
      this.input.disabled = this.stored.disabled;
      this.options = make("ul", { id: `${id}-options`, className: "code-picker__options", hidden: true }, { role: "listbox", "aria-label": this.dataset.placeholder });
      this.status = make("span", { className: "w-sr-only" }, { role: "status" });
      this.stored.removeAttribute("id");
      this.stored.type = "hidden";
      const field = make("div", { className: "code-picker__field" });
      field.append(this.input, this.options);
      this.insertBefore(field, this.list);
      this.append(this.status);

      this.input.addEventListener("input", () => this.later());
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => this.close());
      // mousedown, not click: the field keeps the focus, so that the list is not closed before the choice.
      this.options.addEventListener("mousedown", (event) => {
        event.preventDefault();
        const option = event.target.closest("[role=option]");
        if (option) this.choose(Number(option.dataset.index));
      });
      this.list.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button) this.remove(button.closest("li"));
      });
    }

    codes() {
      return this.stored.value.split(/[,;|\n]+/).map((code) => code.trim()).filter(Boolean);
    }

    store() {
      const codes = [...this.list.children].map((li) => li.dataset.code);
      this.stored.value = codes.join(", ");
      this.stored.dispatchEvent(new Event("input", { bubbles: true }));
      this.stored.dispatchEvent(new Event("change", { bubbles: true }));
    }

    addRemove(li) {
      if (this.stored.disabled) return;
      const label = fill(this.strings.remove, { label: li.dataset.label || li.dataset.code });
      li.append(make("button", { type: "button", textContent: "×" }, { "aria-label": label }));
    }

    chip(item) {
      const li = make("li");
      li.dataset.code = item.code;
      li.dataset.label = item.label;
      li.append(...this.describe(item));
      this.addRemove(li);
      return li;
    }

    describe(item) {
      const parts = [make("span", { className: "code-picker__code", textContent: item.code }), " "];
      if (item.label) parts.push(make("span", { textContent: item.label }, item.language ? { lang: item.language } : {}));
      if (item.matched) {
        parts.push(" ", make("span", { className: "code-picker__matched", textContent: item.matched }, { lang: item.matched_language }));
      }
      if (item.parents.length) parts.push(" ", make("span", { className: "code-picker__parents", textContent: item.parents.join(" › ") }));
      return parts;
    }

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), DELAY);
    }

    async search() {
      const query = this.input.value.trim();
      this.request?.abort();
      if (!query) return this.close();
      this.request = new AbortController();
      try {
        const url = `${this.dataset.url}?q=${encodeURIComponent(query)}`;
        const response = await fetch(url, { signal: this.request.signal, headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
        if (!response.ok) throw new Error(response.statusText);
        this.show((await response.json()).items);
      } catch (error) {
        if (error.name === "AbortError") return;
        this.close();
        this.status.textContent = this.strings.failed;
      }
    }

    show(items) {
      const chosen = new Set([...this.list.children].map((li) => li.dataset.code));
      this.items = items.filter((item) => !chosen.has(item.code));
      this.active = -1;
      this.options.replaceChildren(...this.items.map((item, index) => {
        const option = make("li", { id: `${this.options.id}-${index}` }, { role: "option", "aria-selected": "false" });
        option.dataset.index = index;
        option.append(...this.describe(item));
        return option;
      }));
      this.open = this.items.length > 0;
      this.options.hidden = !this.open;
      this.input.setAttribute("aria-expanded", String(this.open));
      this.input.removeAttribute("aria-activedescendant");
      const { none, one, many } = this.strings;
      this.status.textContent = !this.items.length ? none : this.items.length === 1 ? one : fill(many, { count: this.items.length });
    }

    close() {
      clearTimeout(this.timer);
      this.request?.abort();
      this.open = false;
      this.items = [];
      this.active = -1;
      this.options.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }

    move(step) {
      if (!this.open) return this.search();
      this.options.children[this.active]?.setAttribute("aria-selected", "false");
      this.active = (this.active + step + this.items.length + (this.active < 0 && step < 0 ? 1 : 0)) % this.items.length;
      const option = this.options.children[this.active];
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    }

    key(event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        this.move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter") {
        event.preventDefault();      // never submits the whole page from here
        if (this.open) this.choose(Math.max(this.active, 0));
      } else if (event.key === "Escape" && this.open) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      }
    }

    choose(index) {
      const item = this.items[index];
      if (!item) return;
      if (!this.multiple) this.list.replaceChildren();
      this.list.append(this.chip({ ...item, matched: "" }));
      this.input.value = "";
      this.close();
      this.store();
      this.status.textContent = fill(this.strings.added, { label: item.label || item.code });
    }

    remove(li) {
      if (this.stored.disabled) return;
      const label = li.dataset.label || li.dataset.code;
      li.remove();
      this.store();
      this.input.focus();
      this.status.textContent = fill(this.strings.removed, { label });
    }
  }

  customElements.define("code-picker", CodePicker);
})();
