#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A folder of pages in a real browser, opened from the disk: searched, filtered, charts drawn, pages followed, nothing
asked of a network and nothing of an enemy's alive.   site_test.py FOLDER   as `aios-bench site` wrote it
(harness/cli/site_integration_test.cpp: six runs, one of them hostile)."""
import os
import sys
import unittest

from chromium import Chromium

SITE = ""


class SiteTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Chromium()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def open(self, page):
        self.browser.open(os.path.join(SITE, page))

    def tearDown(self):
        self.assertEqual(self.browser.complaints, [])
        self.assertEqual(self.browser.dialogs, [])
        self.assertEqual([url for url in self.browser.requests if not url.startswith("file://" + SITE)], [])
        self.assertEqual(self.browser.run("document.querySelectorAll('img, script[src^=http]').length"), 0)

    def shown(self):
        return self.browser.run("document.querySelectorAll('tr[data-run]:not([hidden])').length")

    def find(self, words):
        self.browser.run("(() => { const field = document.querySelector('#filter input[type=search]'); field.value = "
                         + repr(words) + "; field.dispatchEvent(new Event('input')); })()")

    def test_the_list_is_searched_and_filtered(self):
        self.open("index.html")
        self.assertEqual(self.shown(), 6)
        self.find("aios r3")
        self.assertEqual(self.shown(), 1)
        self.assertIn("1 of 6", self.browser.run("document.getElementById('found').textContent"))
        self.find("")
        self.browser.run("(() => { const select = document.querySelector('#filter select[aria-label=Label]'); "
                         "select.value = 'r1'; select.dispatchEvent(new Event('change')); })()")
        self.assertEqual(self.shown(), 1)

    def test_each_page_is_followed_and_draws(self):
        self.open("index.html")
        links = self.browser.run("[...document.querySelectorAll('tr[data-run] a')].map((a) => a.href)")
        self.assertEqual(len(links), 6)
        for link in links:
            self.browser.open(link[len("file://"):])
            self.assertEqual(self.browser.complaints, [])
            self.assertEqual(self.browser.dialogs, [])
            self.assertEqual(self.browser.run("document.documentElement.dataset.charts"), "ready")
            self.assertTrue(self.browser.run("document.querySelector('nav a').href").endswith("/index.html"))

    def test_every_metric_over_time(self):
        self.open("metrics.html")
        self.assertEqual(self.browser.run("document.documentElement.dataset.charts"), "ready")
        self.browser.wait("document.querySelectorAll('#cards svg, #cards canvas').length > 0")
        self.find("syscall.null")
        self.browser.wait("document.querySelectorAll('#cards svg, #cards canvas').length === 1")
        text = self.browser.run("document.getElementById('cards').textContent")
        self.assertIn("worse: 182 instr → 190 instr", text)
        self.browser.run("document.querySelector('#filter input[type=checkbox]').click()")
        self.assertEqual(self.browser.run("document.querySelectorAll('#cards figure').length"), 1)
        self.assertTrue(self.browser.run("document.querySelector('main table a').href").endswith(".html"))

    def test_on_a_phone_nothing_sticks_out(self):
        self.browser.ask("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        for page in ("index.html", "metrics.html"):
            self.open(page)
            self.assertLessEqual(self.browser.run("document.documentElement.scrollWidth"), 390, page)
        self.browser.ask("Emulation.clearDeviceMetricsOverride")


if __name__ == "__main__":
    SITE = os.path.realpath(sys.argv.pop())
    unittest.main(verbosity=0)
