/// The page's only script. A page without it shows the same: it sorts tables by the column whose head is chosen, and shows
/// a frame as large as the window.
pub const SCRIPT: &str = r#"
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  table.querySelectorAll("thead th").forEach((head, column) => {
    const button = head.querySelector("button");
    if (!button) return;
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      table.querySelectorAll("thead th").forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = row => row.cells[column].textContent.trim();
      const rows = Array.from(body.rows);
      rows.sort((one, other) => {
        const [a, b] = [key(one), key(other)];
        const [x, y] = [parseFloat(a), parseFloat(b)];
        if (isNaN(x) !== isNaN(y) && head.classList.contains("number")) return isNaN(x) ? 1 : -1;
        const order = head.classList.contains("number") ? x - y || 0 : a.localeCompare(b, undefined, {numeric: true});
        return up ? order : -order;
      });
      body.append(...rows);
    });
  });
}
const dialog = document.querySelector("dialog");
for (const button of document.querySelectorAll("button.enlarge")) {
  button.addEventListener("click", () => {
    const large = button.querySelector("img").cloneNode();
    const caption = document.createElement("p");
    caption.textContent = button.closest("figure").querySelector("figcaption").textContent;
    dialog.replaceChildren(caption, large);
    dialog.showModal();
  });
}
if (dialog) dialog.addEventListener("click", () => dialog.close());
"#;
