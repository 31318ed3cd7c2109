'use strict';
// Updates the results without loading the whole page. If that fails, the browser loads it.
(() => {
  const $ = id => document.getElementById(id);
  const form = $('search'), input = $('q'), live = $('live');
  const held = event => event.ctrlKey || event.metaKey || event.altKey;
  // announcements
  let saying, quiet = 0;
  const say = text => {
    clearTimeout(saying);
    saying = setTimeout(() => { live.textContent = text; }, Math.max(600, quiet - Date.now()));
    live.textContent = '';
  };
  // the results
  let running, here = location.search;
  async function show(url, push, focus) {
    running?.abort();
    const mine = running = new AbortController();
    let next;
    $('results').setAttribute('aria-busy', 'true');
    try {
      const reply = await fetch(url, { signal: mine.signal, headers: { Accept: 'text/html' } });
      next = new DOMParser().parseFromString(await reply.text(), 'text/html');
      if (reply.redirected) url = reply.url;
    } catch (error) {
      if (error.name !== 'AbortError') location.href = url;
      return;
    }
    if (!next.querySelector('.cols')) return location.assign(url);
    const was = document.activeElement.id;
    for (const old of document.querySelectorAll('.filters details[id]')) {
      const now = next.getElementById(old.id);
      if (now) now.open = old.open;
    }
    for (const part of ['.filters', '#results']) document.querySelector(part).replaceWith(document.adoptNode(next.querySelector(part)));
    document.title = next.title;
    if (push) history.pushState({}, '', url);
    here = location.search;
    ($(focus || was) || was && $('count'))?.focus(); // the ticked box may be gone
    say($('count').textContent);
  }
  const setQuery = search => { input.value = new URLSearchParams(search).get('q') || ''; };
  const address = () => {
    const pairs = [...new FormData(form)].filter(([name, value]) => value && !(name === 'sort' && value === 'relevance'));
    pairs.sort(([a, x], [b, y]) => a < b || (a === b && x < y) ? -1 : 1);
    return '/' + (pairs.length ? '?' + new URLSearchParams(pairs) : '');
  };
  if (document.querySelector('.cols')) {
    addEventListener('change', event => {
      if (event.target.matches('.filters input, #sort')) show(address(), true);
    });
    form.addEventListener('submit', event => {
      event.preventDefault();
      close();
      show(address(), true, 'count');
    });
    addEventListener('click', event => {
      const link = event.target.closest('.chips a, .pages a, .apply a, .suggestion a, .removals a');
      if (!link || event.button || event.shiftKey || held(event)) return;
      event.preventDefault();
      setQuery(link.search);
      show(link.href, true, 'count');
    });
    addEventListener('popstate', () => {
      if (here === (here = location.search)) return; // only the fragment changed
      setQuery(location.search);
      show(location.href, false);
    });
  }
  // suggestions
  const list = document.createElement('ul');
  const set = (element, values) => Object.entries(values).forEach(pair => element.setAttribute(...pair));
  set(list, { id: 'q-list', role: 'listbox', 'aria-label': 'Suggestions' });
  input.parentNode.append(list);
  set(input, { role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': 'q-list' });
  let at, timer, asked = 0;
  function expand(open) {
    at = -1;
    list.hidden = !open;
    input.setAttribute('aria-expanded', open);
    input.removeAttribute('aria-activedescendant');
  }
  expand(false);
  function close() {
    clearTimeout(timer);
    clearTimeout(saying);
    asked++;
    expand(false);
  }
  function move(to) {
    const options = [...list.children];
    at = (to + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute('aria-selected', i === at));
    input.setAttribute('aria-activedescendant', options[at].id);
    options[at].scrollIntoView({ block: 'nearest' });
  }
  function take(option) {
    input.value = option.dataset.query;
    close();
    form.requestSubmit();
  }
  async function suggest(mine, text) {
    const get = fetch('/v1/suggest?limit=5&text=' + encodeURIComponent(text));
    const reply = await get.then(answer => answer.json()).catch(() => ({}));
    if (mine !== asked || !reply.ok || document.activeElement !== input) return;
    const head = text.replace(/\S*$/, '');
    const found = [
      ...reply.words.map(word => [head + word.text, word.text]),
      ...reply.duties.map(duty => [`"${duty.text.replaceAll('"', '')}"`, duty.text]),
      ...reply.occupations.map(one => ['soc:' + one.value, one.text]),
    ].slice(0, 8);
    list.replaceChildren(...found.map(([query, shown], i) => {
      const option = document.createElement('li');
      set(option, { id: 'q-o' + i, role: 'option', 'aria-selected': 'false', 'data-query': query });
      option.textContent = shown;
      return option;
    }));
    expand(found.length > 0);
    say(found.length === 1 ? '1 suggestion' : (found.length || 'No') + ' suggestions');
  }
  for (const type of ['input', 'compositionend']) input.addEventListener(type, event => {
    close();
    quiet = Date.now() + 1400;
    if (!event.isComposing && input.value.trim().length > 1) timer = setTimeout(suggest, 120, asked, input.value);
  });
  input.addEventListener('keydown', event => {
    const { key } = event;
    if (event.isComposing || list.hidden) return;
    if (key === 'ArrowDown') move(at + 1);
    else if (key === 'ArrowUp') move(at < 0 ? -1 : at - 1);
    else if (key === 'Enter' && at >= 0) take(list.children[at]);
    else if (key === 'Escape') close();
    else return;
    event.preventDefault();
  });
  list.addEventListener('mousedown', event => {
    const option = event.target.closest('[role=option]');
    event.preventDefault();
    if (option) take(option);
  });
  input.addEventListener('blur', close);
  addEventListener('keydown', event => {
    if (event.key !== '/' || held(event) || event.target.matches('input:not([type=checkbox]), textarea, select')) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
})();
