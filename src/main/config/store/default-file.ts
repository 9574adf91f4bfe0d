/** The prometheus.yml of a first run. Valid for Prometheus as it is. */
export const DEFAULT_CONFIG_TEXT = `# What Hearth watches. This is an ordinary Prometheus configuration: the settings window edits it and keeps your comments,
# and you can edit it yourself; Hearth notices within a second. Reference: https://prometheus.io/docs/prometheus/latest/configuration/

global:
  # How often each target is scraped, unless its job says otherwise.
  scrape_interval: 15s
  # How long a target may take to answer.
  scrape_timeout: 10s
  # How often rules are evaluated.
  evaluation_interval: 15s

# Files with recording and alerting rules.
# rule_files:
#   - rules/*.yml

# One job for each kind of thing to watch. This computer itself needs none: Hearth watches it by itself (see hearth.yml).
#
#   - job_name: web
#     static_configs:
#       - targets: ['localhost:9100']
scrape_configs:
`;
