// Sliders and stepping for the lecture's page. No number is worked out here: the page holds, for every combination of
// the sliders, the grids and for every output pixel its inputs with their weights, as the operators gave them.
'use strict';

const element = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

// Cells of a matrix that is drawn.
const kMostMapCells = 4096;

// Products that are written out.
const kMostTerms = 16;

const numberText = (value, decimals) => value.toFixed(decimals).replace(/^-(0(\.0*)?)$/, '$1');

// At most four decimals.
const weightText = value => String(Math.round(value * 10000) / 10000);

const inBrackets = text => text.startsWith('-') ? `(${text})` : text;

// Shade 0 to 9 of a number beside the largest.
const shade = (cell, value, largest) => {
  if (value === 0 || largest === 0) return;
  cell.classList.add(value > 0 ? 'p' : 'n');
  cell.style.setProperty('--h', Math.max(2, Math.round(9 * Math.abs(value) / largest)));
};

const largestOf = values => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

class Playground {
  constructor(root, data) {
    this.root = root;
    this.sliders = data.sliders;
    this.variants = data.variants;
    this.at = this.sliders.map(slider => slider.start);
    this.cell = this.richest();
    this.timer = null;
    this.controls = root.appendChild(element('div', 'controls'));
    this.stage = root.appendChild(element('div', 'stage'));
    this.inputs = this.sliders.map((slider, i) => this.addSlider(slider, i));
    this.stepper = this.addStepper();
    this.show();
  }

  addRange(name, most, value, moved) {
    const label = element('label');
    const shown = element('b');
    const input = element('input');
    Object.assign(input, {type: 'range', min: 0, max: most, step: 1, value});
    input.setAttribute('aria-label', name);
    input.addEventListener('input', () => moved(Number(input.value)));
    label.append(element('span', '', name), shown, input);
    this.controls.append(label);
    return {label, input, shown};
  }

  addSlider(slider, i) {
    return this.addRange(slider.name, slider.values.length - 1, slider.start, value => {
      this.at[i] = value;
      this.show();
    });
  }

  addStepper() {
    const stepper = this.addRange('output pixel', 0, 0, value => this.select(value));
    stepper.button = element('button', '', 'Play');
    stepper.button.type = 'button';
    stepper.button.addEventListener('click', () => this.timer ? this.stop() : this.play());
    this.controls.append(stepper.button);
    return stepper;
  }

  play() {
    this.stepper.button.textContent = 'Pause';
    this.timer = setInterval(() => this.select((this.cell + 1) % this.variant().links.length), 700);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.stepper.button.textContent = 'Play';
  }

  variant() {
    return this.variants[this.at.reduce((index, at, i) => index * this.sliders[i].values.length + at, 0)];
  }

  // The first output pixel with the most inputs: one to begin with.
  richest() {
    const counts = (this.variant().links ?? []).map(row => row.length);
    return Math.max(0, counts.indexOf(Math.max(...counts)));
  }

  // Draws the variant that the sliders ask for.
  show() {
    const variant = this.variant();
    this.sliders.forEach((slider, i) => {
      this.inputs[i].shown.textContent = slider.values[this.at[i]];
      this.inputs[i].input.value = this.at[i];
      this.inputs[i].label.hidden = slider.values.length < 2;
    });
    this.stage.replaceChildren();
    const steps = variant.error ? 0 : variant.links.length;
    this.stepper.label.hidden = this.stepper.button.hidden = steps < 2;
    if (steps < 2) this.stop();
    this.rows = null;
    this.root.dataset.state = variant.error ? 'refused' : 'shown';
    if (variant.error) {
      this.stage.append(element('p', 'refused', 'There is no such output: ' + variant.error));
      return;
    }
    const work = this.stage.appendChild(element('div', 'work'));
    const grids = work.appendChild(element('div', 'grids'));
    this.cells = variant.grids.map((grid, i) => this.draw(grids, grid, i));
    this.info = steps ? work.appendChild(element('p', 'info')) : null;
    if (variant.note) work.append(element('p', 'note', variant.note));
    if (steps) {
      this.drawMap(variant);
      this.select(Math.min(this.cell, steps - 1));
    }
  }

  draw(parent, grid, index) {
    const variant = this.variant();
    if (grid.sign) parent.append(element('span', 'sign', grid.sign));
    const figure = parent.appendChild(element('figure'));
    figure.append(element('figcaption', '', grid.name));
    if (grid.image) {
      const image = figure.appendChild(element('img', 'picture'));
      Object.assign(image, {src: grid.image, alt: grid.name});
      return [];
    }
    const table = figure.appendChild(element('table', grid.values.length > 100 ? 'grid small' : 'grid'));
    const largest = largestOf(grid.values), cells = [];
    const last = index === variant.grids.length - 1, first = index === 0;
    // Room for weights below the numbers, so that nothing moves when they appear.
    if (first || last) table.classList.toggle('fine', variant.links.flat().some(number => number % 1 !== 0));
    grid.values.forEach((value, i) => {
      const column = i % grid.columns, row = (i - column) / grid.columns;
      const cell = (column ? table.rows[row] : table.insertRow()).insertCell();
      cell.textContent = numberText(value, grid.decimals);
      cell.dataset.value = value;
      shade(cell, value, largest);
      const ring = first ? variant.ring : 0;
      if (row < ring || column < ring || row >= grid.rows - ring || column >= grid.columns - ring)
        cell.classList.add('ring');
      if (variant.links.length && last) {
        cell.classList.add('step');
        cell.addEventListener('mouseenter', () => { if (!this.timer) this.select(i); });
        cell.addEventListener('click', () => this.select(i));
      } else if (variant.links.length && first) {
        cell.addEventListener('mouseenter', () => { if (!this.timer) this.reach(i); });
        cell.addEventListener('mouseleave', () => { if (!this.timer) this.select(this.cell); });
      }
      cells.push(cell);
    });
    return cells;
  }

  // The operator's matrix, a row for each output.
  drawMap(variant) {
    const inputs = this.cells[0].length, rows = variant.links.length;
    if (inputs * rows > kMostMapCells) return;
    const figure = this.stage.appendChild(element('figure', 'map'));
    figure.append(element('figcaption', '',
                          `${variant.largest ? 'what each output looks at' : 'the matrix'}: ${rows} outputs x ${inputs} inputs`));
    this.map = figure.appendChild(element('div', 'scroll'));
    const grid = this.map.appendChild(element('div', 'cells'));
    grid.style.gridTemplateColumns = `repeat(${inputs}, max-content)`;
    grid.style.setProperty('--cell', inputs > 60 ? '7px' : inputs > 30 ? '10px' : '14px');
    const largest = largestOf(variant.links.flatMap(row => row.filter((_, i) => i % 2)));
    this.rows = variant.links.map((row, output) => {
      const cells = Array.from({length: inputs}, () => grid.appendChild(element('i')));
      for (let i = 0; i < row.length; i += 2)
        shade(cells[row[i]], variant.largest ? 0.4 + row[i + 1] : row[i + 1], variant.largest ? 1.4 : largest);
      cells.forEach(cell => cell.addEventListener('click', () => this.select(output)));
      return cells;
    });
  }

  clear() {
    for (const cell of this.cells.flat()) {
      cell.classList.remove('on', 'lost', 'chosen');
      cell.querySelector('small')?.remove();
    }
    for (const cell of this.stage.querySelectorAll('i.row')) cell.classList.remove('row');
  }

  mark(cell, weight) {
    cell.classList.add('on');
    if (this.variant().largest)
      cell.classList.toggle('lost', weight === 0);
    else
      cell.append(element('small', '', '·' + weightText(weight)));
  }

  // Output pixel `index` with the inputs that make it.
  select(index) {
    const variant = this.variant(), links = variant.links[index];
    const input = variant.grids[0], output = variant.grids[variant.grids.length - 1];
    this.cell = index;
    this.clear();
    this.cells[this.cells.length - 1][index].classList.add('chosen');
    const terms = [];
    for (let i = 0; i < links.length; i += 2) {
      this.mark(this.cells[0][links[i]], links[i + 1]);
      const value = numberText(input.values[links[i]], input.decimals);
      terms.push(variant.largest ? value : `${inBrackets(value)}·${inBrackets(weightText(links[i + 1]))}`);
    }
    this.markRow(index);
    const column = index % output.columns, row = (index - column) / output.columns;
    if (terms.length > kMostTerms) terms.splice(kMostTerms, Infinity, `${terms.length - kMostTerms} more`);
    const sum = variant.largest ? `largest of ${terms.join(', ')} = ` : terms.length ? terms.join(' + ') + ' = ' : '';
    this.info.textContent =
        `output (${row}, ${column}) = ${sum}${numberText(output.values[index], output.decimals)}` +
        (terms.length ? '' : ': no input goes there');
    this.root.dataset.cell = index;
    this.root.dataset.output = output.values[index];
    Object.assign(this.stepper.input, {max: variant.links.length - 1, value: index});
    this.stepper.shown.textContent = `(${row}, ${column})`;
  }

  markRow(index) {
    if (!this.rows) return;
    for (const cell of this.rows[index]) cell.classList.add('row');
    this.map.scrollTop = this.rows[index][0].offsetTop - this.map.clientHeight / 2;
  }

  // Input pixel `index` with the outputs that it goes into: a column of the matrix, a row of the transposed one.
  reach(index) {
    const variant = this.variant(), input = variant.grids[0];
    this.clear();
    this.cells[0][index].classList.add('chosen');
    let count = 0;
    variant.links.forEach((links, output) => {
      for (let i = 0; i < links.length; i += 2) {
        if (links[i] !== index) continue;
        this.mark(this.cells[this.cells.length - 1][output], links[i + 1]);
        ++count;
      }
    });
    const column = index % input.columns, row = (index - column) / input.columns;
    this.info.textContent = `input (${row}, ${column}) goes into ${count} output${count === 1 ? '' : 's'}`;
  }

  // "kernel=3,cell=2" as in the page's address.
  set(text) {
    for (const pair of text.split(',')) {
      const [name, value] = pair.split('=');
      const slider = this.sliders.findIndex(one => one.name === name);
      if (slider >= 0) this.at[slider] = Math.max(0, this.sliders[slider].values.indexOf(value));
      if (name === 'cell') this.cell = Math.max(0, Number(value) || 0);
    }
    this.show();
  }
}

const playgrounds = {};
for (const root of document.querySelectorAll('.play'))
  playgrounds[root.dataset.topic] = new Playground(root, JSON.parse(root.querySelector('script').textContent));

// #conv:kernel=2,stride=2,cell=1
const follow = () => {
  const [topic, settings] = decodeURIComponent(location.hash.slice(1)).split(':');
  if (settings && playgrounds[topic]) {
    playgrounds[topic].set(settings);
    document.getElementById(topic).scrollIntoView();
  }
};
addEventListener('hashchange', follow);
follow();
