//! `RollbackInstance`: back to the version before the cross-version upgrade, within seven days.

use super::upgrade::{object, server_id};
use super::{Hosts, Update, not_found, status_error};
use crate::huawei::ServiceError;
use crate::moment::{Moment, later};

/// A rollback takes 30 minutes, as long as an upgrade.
const ROLLBACK_TAKES_SECONDS: i64 = 30 * 60;

impl Hosts {
    /// `RollbackInstance`. The answer has no body. The instance gets its former ids back when it is done.
    pub(crate) fn roll_back(&mut self, body: &[u8], moment: &Moment<'_>) -> Result<(), ServiceError> {
        let body = object(body)?;
        let instance = self.instances.find_mut(server_id(&body)?).ok_or_else(not_found)?;
        if instance.update != Update::Rollback
            || instance.status != "ACTIVE"
            || instance.task_status != "NO_TASK"
        {
            return Err(status_error("This operation is not allowed in the current instance status."));
        }
        instance.status = "UPGRADING";
        instance.task_status = "rollback";
        instance.rollback_until = None;
        instance.rolling_back_until = Some(later(moment.now, ROLLBACK_TAKES_SECONDS));
        Ok(())
    }
}
