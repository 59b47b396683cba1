// Tables of class "sortable": a button in each heading of the last row sorts by its column.
"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  const body = table.tBodies[0];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const numeric = head.classList.contains("number");
      const before = head.getAttribute("aria-sort");
      // Numbers begin with the highest, names with the first letter.
      const rising = before ? before === "descending" : !numeric;
      const sign = rising ? 1 : -1;
      const key = (row) => {
        const cell = row.cells[column];
        return numeric ? (cell.dataset.value ?? "") : cell.textContent;
      };
      const rows = [...body.rows];
      rows.sort((a, b) => {
        const [x, y] = [key(a), key(b)];
        if (!numeric) return sign * x.localeCompare(y, "en", { numeric: true });
        if (x === "" || y === "") return (x === "") - (y === ""); // what is missing comes last
        return sign * (Number(x) - Number(y));
      });
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", rising ? "ascending" : "descending");
      body.append(...rows);
    });
  });
}
