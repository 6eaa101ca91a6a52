import unittest

from jobs.report import report
from jobs.runs import History, Run


class ReportTest(unittest.TestCase):
    def test_a_job_that_only_failed_is_told(self):
        history = History([Run("sync", 100.0, 160.0, False), Run("sync", 200.0, 210.0, False)])
        self.assertEqual(report(history, 300.0), ["sync: did not end well once, 2 failures"])

    def test_a_job_that_ran_has_figures(self):
        self.assertIn("1 runs, 10.0 s", report(History([Run("mail", 0.0, 10.0, True)]), 20.0)[0])
