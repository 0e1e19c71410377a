import sys; sys.path.insert(0,"/work/main/tests/browser")
import pytest
from test_lab import *
from conftest import *
def test_dbg(browser, lab):
    address,folder=lab
    open_and_run(browser, address, "06_fleet_study.ipynb", 3)
    d=browser
    d.execute_script("window.keys=[]; document.addEventListener('keydown', e=>window.keys.push(['cap',e.key,e.target.tagName,e.defaultPrevented]), true); document.addEventListener('keydown', e=>window.keys.push(['bub',e.key,e.target.tagName,e.defaultPrevented]), false)")
    t=Explorer(d,0)
    c=t.list("Quantile")
    d.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].focus()", c)
    print("active", d.execute_script("return document.activeElement.tagName"))
    c.send_keys("\ue015"); time.sleep(1)
    print(d.execute_script("return [window.keys, arguments[0].value, document.activeElement.tagName, document.querySelector('.jp-Notebook').className, window.jupyterapp.shell.currentWidget.content.activeCellIndex]", c))
    print(d.execute_script("return arguments[0].selectedIndex", c))
    c.send_keys("9"); time.sleep(1)
    print(d.execute_script("return [window.keys, arguments[0].value, arguments[0].selectedIndex]", c))
    import selenium.webdriver.support.ui as ui
    b=t.picture()
    s=time.time(); ui.Select(c).select_by_index(2); wait(lambda: t.picture()!=b, "x"); print("select took", time.time()-s)
    lines=d.execute_script("""
      const out=[]; for (const b of window.jupyterapp.commands.keyBindings) if (b.keys.join(' ').match(/^(ArrowDown|ArrowUp|Home|End|Space|Enter)$/)) out.push([b.keys.join(' '), b.selector, b.command]); return out""")
    for l in lines: print(l)
