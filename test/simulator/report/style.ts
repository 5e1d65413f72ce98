/**
 * The look of reports: one column, readable on paper, in light and in dark. No script, nothing loaded.
 */
export const style = `
:root { color-scheme: light dark; --page: #fcfcfa; --text: #1d2329; --soft: #6b7680; --line: #d9dde0; --band: #c0392b1f;
  --first: #1f6fb2; --second: #b8610b; --third: #7a7f85; --fourth: #7d4bb0; --bad: #b3362b; --good: #1d7a45; --card: #f2f3f1 }
@media (prefers-color-scheme: dark) {
  :root { --page: #15191d; --text: #e6e9eb; --soft: #9aa5ae; --line: #343b42; --band: #ff7b6b2b;
    --first: #62b0f0; --second: #f0a24e; --third: #8d949b; --fourth: #bb92ec; --bad: #ff7b6b; --good: #5fc98c; --card: #1e242a }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 960px; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', sans-serif }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .3rem }
h2 { font-size: 1.15rem; margin: 2.6rem 0 .5rem; padding-top: .6rem; border-top: 1px solid var(--line) }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem }
p { margin: .4rem 0 .8rem; max-width: 46rem }
.soft, figcaption, th { color: var(--soft) }
figure { margin: 1rem 0; overflow-x: auto }
figcaption { font-size: .88rem }
figure svg { display: block; max-width: 100%; height: auto; min-width: 620px; color: var(--text) }
svg text { white-space: pre }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th { font-weight: 500; font-size: .88rem; text-align: left }
th, td { padding: .32rem .7rem .32rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th.n, td.n { text-align: right; white-space: nowrap }
.verdict { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-weight: 600; color: var(--page) }
.pass .verdict { background: var(--good) } .fail .verdict { background: var(--bad) }
td.pass { color: var(--good) } td.fail { color: var(--bad) }
ul { padding-left: 1.2rem }
code, pre { font: .88rem/1.5 ui-monospace, 'SF Mono', Consolas, monospace }
pre { background: var(--card); padding: .8rem 1rem; border-radius: .4rem; overflow-x: auto }
.key { display: inline-block; width: .8em; height: .8em; border-radius: .15em; margin: 0 .3em 0 .9em; vertical-align: -.05em }
@media print { body { max-width: none; padding: 0 } figure { break-inside: avoid } }
`
